"""What an application does to its shared folders, in seconds: `python3 load.py /folder`. Prints one line of JSON."""

import fcntl
import json
import os
import sys
import time

MEBIBYTES = 128
SESSIONS = 300
SESSION = os.urandom(4096)


def main(folder: str) -> None:
    loads = {"write": write, "read": read, "create": create, "lock": lock, "remove": remove}
    seconds = {}
    for name, load in loads.items():
        start = time.monotonic()
        load(folder)
        seconds[name] = time.monotonic() - start
    print(json.dumps(seconds))


def write(folder: str) -> None:
    """An upload that arrives."""
    block = os.urandom(1 << 20)
    with open(f"{folder}/upload", "wb") as file:
        for _ in range(MEBIBYTES):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
        # Read from the storage, and not from memory.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read(folder: str) -> None:
    with open(f"{folder}/upload", "rb") as file:
        while file.read(1 << 20):
            pass


def create(folder: str) -> None:
    """Visitors who come for the first time."""
    for number in range(SESSIONS):
        with open(f"{folder}/session-{number}", "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(SESSION)
            file.flush()
            os.fsync(file.fileno())


def lock(folder: str) -> None:
    """Visitors who come again: locked, read, written."""
    for number in range(SESSIONS):
        with open(f"{folder}/session-{number}", "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            kept = file.read()
            file.seek(0)
            file.write(kept[::-1])
            file.flush()
            os.fsync(file.fileno())


def remove(folder: str) -> None:
    for name in os.listdir(folder):
        if name.startswith("session-") or name == "upload":
            os.unlink(f"{folder}/{name}")


main(sys.argv[1])
