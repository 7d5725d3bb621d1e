"""
The rehearsal of a release: the application answers its own health path before the node opens its port.

Docker's name service leads to a container as soon as it runs, healthy or not. So a release that does not work must
not listen: visitors then stay with the nodes that do.
"""

import importlib
import os
import sys
import time

PAUSE = 0.5
#: Seconds after which whoever started a rehearsal gives up on it.
LIMIT = float(os.environ["SLIPWAY_PATIENCE"]) + 30


def main() -> None:
    module, name = os.environ["SLIPWAY_CALLABLE"].split(":")
    application = getattr(importlib.import_module(module), name)
    path = os.environ["SLIPWAY_HEALTH_PATH"]
    deadline = time.monotonic() + float(os.environ["SLIPWAY_PATIENCE"])
    while True:
        status = ask(application, path)
        if status.startswith("200"):
            return
        if time.monotonic() > deadline:
            sys.exit(f"slipway: {path} answers {status}, allowed is 200; this release will not be served")
        time.sleep(PAUSE)


def ask(application, path: str) -> str:
    """The status line that the application gives to a GET."""
    from wsgiref.util import setup_testing_defaults

    environ = {"PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1", "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    answer = []
    chunks = application(environ, lambda status, headers, exc_info=None: answer.append(status))
    try:
        for _ in chunks:
            pass
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return answer[-1]


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Not by the end of the file: Python would wait for threads that the application started.
    os._exit(0)
