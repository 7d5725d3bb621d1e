"""Gives a process of this host what the image of a container has: packages, paths, variables, folders."""

import fcntl
import json
import os
import site
import sys

from slipway_places import PRIVATE, place

#: What may differ from host to host is in this file, and in the folder secrets.
SITE = json.loads((PRIVATE / "site.json").read_text())


class Unfinished(Exception):
    """Something that only the owner of the account can do has not been done yet."""


def prepare() -> None:
    """Once in a process, before anything of the application is imported. Raises Unfinished."""
    _add_packages()
    sys.path[:0] = [path for path in (str(PRIVATE), str(PRIVATE / "app")) if path not in sys.path]
    os.environ.setdefault("SLIPWAY_NODE", SITE["name"])
    os.environ["SLIPWAY_CALLABLE"] = SITE["callable"]
    os.environ.update({name: place(value) for name, value in SITE["environment"].items()})
    _lay_out()
    for file in (PRIVATE / "secrets").iterdir():
        if "USER:PASSWORD@HOST" in file.read_text():
            raise Unfinished(f"Write the address of the database into secrets/{file.name}.")


def _add_packages() -> None:
    """The virtual environment's, or those that were uploaded; before those of the host, which may be older ones."""
    if sys.prefix == str(PRIVATE / "venv"):
        return
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    known = list(sys.path)
    for folder in (PRIVATE / "packages", PRIVATE / "venv/lib" / version / "site-packages"):
        if folder.is_dir():
            site.addsitedir(str(folder))
    added = [path for path in sys.path if path not in known]
    sys.path[:] = added + known
    if not added and (PRIVATE / "venv").is_dir():
        raise Unfinished(f"The virtual environment is not of {version}, which runs here: make it again with that one.")


def _lay_out() -> None:
    """Makes the folders and links that an image has from its build; again after a new upload of the code."""
    for folder in ("state", "shared/sessions", "shared/errors", "shared/uploads", "shared/cache"):
        (PRIVATE / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = PRIVATE / "app/.laid-out"
    if mark.exists():
        return
    from slipway_node import layout

    with open(PRIVATE / "state/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if mark.exists():
            return
        layout.lay_out()
        layout.make_state()
        for file in (PRIVATE / "secrets").iterdir():
            file.chmod(0o600)
            # The address of a database may name the certificate of its server.
            content = file.read_text()
            if "=/run/secrets/" in content:
                file.write_text(content.replace("=/run/secrets/", f"={place('/run/secrets')}/"))
        mark.touch()
