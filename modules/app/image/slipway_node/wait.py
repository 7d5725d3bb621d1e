"""Waiting for the services that an application uses."""

import socket
import time


class Unreachable(Exception):
    """A service did not answer in time."""


def for_services(addresses: list[str], patience: float) -> None:
    """Returns when every `host:port` accepts a connection; raises Unreachable after so many seconds."""
    for address in addresses:
        host, port = address.rsplit(":", 1)
        _for_service(host, int(port), time.monotonic() + patience)


def _for_service(host: str, port: int, deadline: float) -> None:
    said = False
    while True:
        try:
            socket.create_connection((host, port), timeout=2).close()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise Unreachable(f"{host}:{port} did not answer in time: {error}") from error
            if not said:
                print(f"slipway: waiting for {host}:{port}", flush=True)
                said = True
            time.sleep(0.2)
