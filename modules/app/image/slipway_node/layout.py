"""Lays out writable places for frameworks that write below their code; runs while the image is built."""

from pathlib import Path

APPS = Path("/srv/app/apps")
STATE = Path("/var/lib/app")


def link(path: Path, target: str) -> None:
    path.symlink_to(target)


if APPS.is_dir():
    # py4web keeps its tickets in a database below this folder, always.
    link(APPS / ".service", str(STATE / "service"))
    for application in APPS.iterdir():
        if (application / "__init__.py").exists():
            link(application / "settings_private.py", "/etc/slipway/settings_private.py")
