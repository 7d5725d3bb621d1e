"""Lays out writable places for frameworks that write below their code; runs while the image is built."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path("/srv/app")
STATE = Path("/var/lib/app")
SHARED = Path("/srv/shared")

#: Folders that a web2py application writes to; all but the last may be shared by the nodes.
WEB2PY_STATE = ("sessions", "errors", "uploads", "cache", "databases")
#: Folders that web2py makes where they are missing, which it may not do here (gluon/fileutils.py).
WEB2PY_FOLDERS = ("models", "views", "controllers", "modules", "cron", "languages", "static", "private")


def lay_out() -> None:
    for application in _applications("apps", "__init__.py"):
        _link(application / "settings_private.py", Path("/etc/slipway/settings_private.py"))
    if (ROOT / "apps").is_dir():
        # py4web keeps its tickets in a database below this folder, always.
        _link(ROOT / "apps/.service", STATE / "service")
    for application in _applications("applications", "controllers"):
        _lay_out_web2py(application)
    if (ROOT / "applications").is_dir():
        for folder in ("deposit", "logs", "site-packages"):
            (ROOT / folder).mkdir(exist_ok=True)


def _lay_out_web2py(application: Path) -> None:
    for folder in WEB2PY_FOLDERS:
        (application / folder).mkdir(exist_ok=True)
    for folder in WEB2PY_STATE:
        _link(application / folder, (STATE if folder == "databases" else SHARED) / folder / application.name)
    if application.name == "admin":
        # Which addresses have guessed passwords, and the password: slipway_node.web2py_admin.
        _link(application / "private/hosts.deny", STATE / "hosts.deny")
        _link(ROOT / "parameters_443.py", STATE / "parameters_443.py")
    for file in (application / "compiled").glob("*.pyc"):
        if file.read_bytes()[: len(importlib.util.MAGIC_NUMBER)] != importlib.util.MAGIC_NUMBER:
            sys.exit(
                f"slipway: {application.name} is compiled for another Python than {sys.version_info[0]}."
                f"{sys.version_info[1]}, which runs it here: compile it with that one, or remove its folder compiled"
            )


def make_state() -> None:
    """Makes the folders that the links lead to; runs before a node serves."""
    for pattern in ("apps/.service", *(f"applications/*/{folder}" for folder in WEB2PY_STATE)):
        for link in ROOT.glob(pattern):
            link.resolve().mkdir(parents=True, exist_ok=True)


def _applications(folder: str, mark: str) -> list[Path]:
    return [path.parent for path in sorted(ROOT.glob(f"{folder}/*/{mark}"))]


def _link(path: Path, target: Path) -> None:
    path.symlink_to(target)


if __name__ == "__main__":
    lay_out()
