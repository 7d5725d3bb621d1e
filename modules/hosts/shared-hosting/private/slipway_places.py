"""Where on this host is what a container of the application has at a fixed place."""

from pathlib import Path

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
