"""Waiting for the services that an application uses."""

import socket
import time
from pathlib import Path

import psycopg2


class Unreachable(Exception):
    """A service did not answer in time."""


def for_services(services: list[str], patience: float) -> None:
    """
    Returns when every service answers; raises Unreachable after so many seconds. A service is a `host:port` that accepts
    connections, or a file with the URL of a database, which may accept a connection long before it serves anybody.
    """
    for service in services:
        _for_service(service, time.monotonic() + patience)


def _for_service(service: str, deadline: float) -> None:
    said = False
    while True:
        try:
            _connect(service)
            return
        except (OSError, psycopg2.OperationalError) as error:
            name = Path(service).name
            if time.monotonic() > deadline:
                raise Unreachable(f"{name} did not answer in time: {str(error).strip()}") from error
            if not said:
                print(f"slipway: waiting for {name}", flush=True)
                said = True
            time.sleep(0.2)


def _connect(service: str) -> None:
    # A path of Windows begins with a drive and has a colon as well; a `host:port` has no slash.
    if "/" in service:
        psycopg2.connect(Path(service).read_text().strip(), connect_timeout=2).close()
    else:
        host, port = service.rsplit(":", 1)
        socket.create_connection((host, int(port)), timeout=2).close()
