"""Waiting for the services that an application uses."""

import socket
import time

#: Seconds. The health check's start period is as long: after it the release has failed anyway.
PATIENCE = 90


class Unreachable(Exception):
    """A service did not answer in time."""


def for_services(addresses: list[str]) -> None:
    """Returns when every `host:port` accepts a connection; raises Unreachable after PATIENCE seconds."""
    for address in addresses:
        host, port = address.rsplit(":", 1)
        _for_service(host, int(port), time.monotonic() + PATIENCE)


def _for_service(host: str, port: int, deadline: float) -> None:
    said = False
    while True:
        try:
            socket.create_connection((host, port), timeout=2).close()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise Unreachable(f"{host}:{port} did not answer within {PATIENCE} seconds: {error}") from error
            if not said:
                print(f"slipway: waiting for {host}:{port}", flush=True)
                said = True
            time.sleep(0.2)
