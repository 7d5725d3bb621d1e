"""Lays the static files of a release out for an edge of a host where no node does, and stays for as long as they are needed."""

import signal
from pathlib import Path

from slipway_node import static_files

PUBLISHED = Path("/tmp/published")


def main() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGWINCH):
        signal.signal(number, lambda *_: exit(0))
    static_files.publish_all()
    PUBLISHED.touch()
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
