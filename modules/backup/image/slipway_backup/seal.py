"""
Checksums of the files of a repository that `pgbackrest verify` does not look at, or of which it silently takes the copy:
the lists of backups and their copies, manifests, and what marks backups and timelines in the archive.
"""

import hashlib
import json
import time

from slipway_backup import pgbackrest
from slipway_backup.pgbackrest import STANZA

#: In the repository.
FILE = f"backup/{STANZA}/slipway.seal"
#: Written anew by backups and upgrades, twice with the same content; all others are written once.
REWRITTEN = (f"backup/{STANZA}/backup.info", f"archive/{STANZA}/archive.info")
ENDINGS = (".info", ".info.copy", ".manifest", ".manifest.copy", ".manifest.gz", ".manifest.zst", ".backup", ".history")


#: Seconds that the server may take to archive the mark of a backup.
PATIENCE = 60


def renew() -> None:
    """
    After a backup, whose mark comes into the archive a moment later. The sums of files that are written once stay those of
    when they were new: a file that was damaged since is not taken for a good one.
    """
    segment = pgbackrest.info()["backup"][-1]["archive"]["start"]
    deadline = time.monotonic() + PATIENCE
    while not any(_is_mark(path, segment) for path in _files()) and time.monotonic() < deadline:
        time.sleep(0.2)
    known = _read() or {}
    rewritten = {path for each in REWRITTEN for path in (each, f"{each}.copy") if _are_same(each)}
    sums = {}
    for path in _files():
        if path in known and path not in rewritten:
            sums[path] = known[path]
        elif (content := pgbackrest.get(path)) is not None:
            sums[path] = hashlib.sha256(content).hexdigest()
    pgbackrest.put(FILE, json.dumps(sums, indent=1, sort_keys=True).encode())


def _is_mark(path: str, segment: str) -> bool:
    return path.rpartition("/")[2].startswith(f"{segment}.") and path.endswith(".backup")


def _are_same(path: str) -> bool:
    """Whether a file and its copy have one content; the same is encrypted differently each time."""
    content = pgbackrest.get(path, raw=False)
    return content is not None and content == pgbackrest.get(f"{path}.copy", raw=False)


def damaged() -> list[str]:
    """What is wrong, a line for each file."""
    try:
        known = _read()
    except ValueError as error:
        return [f"{FILE} cannot be read: {error}"]
    if known is None:
        return [f"{FILE} is missing; the next backup writes it"]
    return [line for path, expected in known.items() if (line := _damage(path, expected))]


def _damage(path: str, expected: str) -> str | None:
    content = pgbackrest.get(path)
    if content is None:
        return f"{path} is missing"
    return None if hashlib.sha256(content).hexdigest() == expected else f"{path} is damaged"


def _read() -> dict[str, str] | None:
    text = pgbackrest.get(FILE)
    return json.loads(text) if text else None


def _files() -> list[str]:
    listed = {**pgbackrest.ls(f"backup/{STANZA}"), **pgbackrest.ls(f"archive/{STANZA}")}
    return sorted(path for path in listed if path.endswith(ENDINGS))
