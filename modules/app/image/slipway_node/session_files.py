"""Sessions as files: the time of a file is that of its last use, and who uses it holds its lock."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ModuleNotFoundError:
    # Windows, where nobody can remove a file that somebody else has open: that is the lock there.
    fcntl = None

#: What Windows says of a file that somebody has open; elsewhere a missing right is a mistake to be seen.
IN_USE = () if fcntl else (PermissionError,)


def expire(folder: Path, seconds: float) -> tuple[int, int]:
    """Removes the files below a folder that nobody used for so long; how many, and how many there still are."""
    removed = kept = 0
    for file in _files(folder):
        if _expired(file, seconds):
            removed += 1
        else:
            kept += 1
    return removed, kept


def _files(folder: Path) -> Iterator[Path]:
    # An empty folder may be the one in which a node is about to make a session.
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


def _expired(file: Path, seconds: float) -> bool:
    try:
        if not _is_old(file.stat(), seconds):
            return False
        if fcntl is None:
            file.unlink()
            return True
        with file.open("rb+") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it locked may have used it meanwhile.
            if not _is_old(os.fstat(stream.fileno()), seconds):
                return False
            file.unlink()
            return True
    except (BlockingIOError, FileNotFoundError, *IN_USE):
        return False


def _is_old(status: os.stat_result, seconds: float) -> bool:
    return time.time() - status.st_mtime > seconds
