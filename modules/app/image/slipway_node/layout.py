"""Lays out writable places for frameworks that write below their code; runs while the image is built."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path("/srv/app")
STATE = Path("/var/lib/app")
SHARED = Path("/srv/shared")

#: Folders of a web2py application that nodes may share.
WEB2PY_SHARED = ("sessions", "errors", "uploads", "cache")
#: Folders that web2py makes where they are missing, which it may not do here (gluon/fileutils.py).
WEB2PY_FOLDERS = ("models", "views", "controllers", "modules", "cron", "languages", "static", "private")


def lay_out() -> None:
    if (ROOT / "apps").is_dir():
        for mark in (ROOT / "apps").glob("*/__init__.py"):
            (mark.parent / "settings_private.py").symlink_to(Path("/etc/slipway/settings_private.py"))
        # py4web keeps its tickets in a database below this folder, always.
        (ROOT / "apps/.service").symlink_to(STATE / "service")
    if (ROOT / "applications").is_dir():
        for application in (ROOT / "applications").iterdir():
            if application.is_dir() and application.name != "__pycache__":
                _lay_out_web2py(application)
        for folder in ("deposit", "logs", "site-packages"):
            (ROOT / folder).mkdir(exist_ok=True)


def _lay_out_web2py(application: Path) -> None:
    for folder in WEB2PY_FOLDERS:
        (application / folder).mkdir(exist_ok=True)
    for folder in WEB2PY_SHARED:
        (application / folder).symlink_to(SHARED / folder / application.name)
    (application / "databases").symlink_to(STATE / "applications" / application.name / "databases")
    if application.name == "admin":
        # Which addresses have guessed passwords, and the password: slipway_node.web2py_admin.
        (application / "private/hosts.deny").symlink_to(STATE / "hosts.deny")
        (ROOT / "parameters_443.py").symlink_to(STATE / "parameters_443.py")
    for file in (application / "compiled").glob("*.pyc"):
        if file.read_bytes()[: len(importlib.util.MAGIC_NUMBER)] != importlib.util.MAGIC_NUMBER:
            sys.exit(
                f"slipway: {application.name} is compiled for another Python than {sys.version_info[0]}."
                f"{sys.version_info[1]}, which runs it here: compile it with that one, or remove its folder compiled"
            )


def make_state() -> None:
    """Makes the folders that the links lead to; runs before a node serves."""
    applications = (ROOT / "applications").glob("*")
    # Not by their names in the pattern: before Python 3.13 it finds no link that leads nowhere yet.
    folders = [application / folder for application in applications for folder in (*WEB2PY_SHARED, "databases")]
    for link in (ROOT / "apps/.service", *folders):
        if link.is_symlink():
            link.resolve().mkdir(parents=True, exist_ok=True)
    # pydal keeps uploads in databases/../uploads, and the kernel follows the link before it goes up.
    for databases in (STATE / "applications").glob("*/databases"):
        uploads = databases.parent / "uploads"
        if not uploads.is_symlink():
            uploads.symlink_to(SHARED / "uploads" / databases.parent.name)


if __name__ == "__main__":
    lay_out()
