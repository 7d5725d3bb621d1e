"""Where on this host is what a container of the application has at a fixed place."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    # Read by everything first, so that nobody meets the errors that an older one would have further on.
    sys.exit("slipway: Python 3.11 or newer is needed, and this is %d.%d" % sys.version_info[:2])

#: The folder of this file, wherever it was uploaded to.
PRIVATE = Path(__file__).resolve().parent

PLACES = {
    "/srv/app": "app",
    "/srv/shared": "shared",
    "/run/secrets": "secrets",
    "/etc/slipway": "settings",
    "/var/lib/app": "state",
    "/tmp/databases": "state/databases",
}


def place(path: str) -> str:
    """The same on this host; a path of none of these places stays as it is."""
    for there, here in PLACES.items():
        if path == there or path.startswith(f"{there}/"):
            return f"{PRIVATE / here}{path[len(there) :]}"
    return path
