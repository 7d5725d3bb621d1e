"""
What is known of the jobs from one container to the next: files of a volume, each of which is whole at any time.

The result of a job is written by whoever holds its lock, and its plan by the one scheduler.
"""

import fcntl
import json
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(os.environ.get("SLIPWAY_JOBS_FOLDER", "/var/lib/slipway/jobs"))
#: Seconds between two looks at a lock that somebody else holds.
PAUSE = 0.1
#: Seconds for which a mere look at a lock may keep others from it, and much more.
MOMENT = 0.5


class Lock:
    """Held by one process at a time, of any container of this volume, and given back by whatever ends that process."""

    def __init__(self, name: str):
        self.path = FOLDER / f"{name}.lock"
        self.descriptor = -1

    def take(self, seconds: float = MOMENT) -> bool:
        """Tries for so long."""
        if self.descriptor < 0:
            self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(PAUSE)
            else:
                os.ftruncate(self.descriptor, 0)
                os.pwrite(self.descriptor, f"{socket.gethostname()} {os.getpid()}".encode(), 0)
                return True

    def give_back(self) -> None:
        os.close(self.descriptor)
        self.descriptor = -1

    def is_held(self) -> bool:
        """Whether anybody holds it at the moment."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def holder(self) -> int | None:
        """The process that holds it; None where that is one of another container, or where it has just gone."""
        host, _, process = os.pread(self.descriptor, 200, 0).decode().partition(" ")
        return int(process) if process and host == socket.gethostname() else None


def result(name: str) -> dict | None:
    """The last run of a job: it was interrupted when it neither ended nor goes on."""
    found = _read(f"{name}.json")
    if found and found["result"] == "running" and not Lock(name).is_held():
        return {**found, "result": "interrupted"}
    return found


def keep_result(name: str, record: dict) -> None:
    _write(f"{name}.json", record)


def plan(name: str) -> dict | None:
    """When a job is due next, by which schedule, and how many runs it has skipped since the last one."""
    return _read(f"{name}.plan.json")


def keep_plan(name: str, record: dict) -> None:
    _write(f"{name}.plan.json", record)


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))


def _read(file: str) -> dict | None:
    try:
        return json.loads((FOLDER / file).read_text())
    except (FileNotFoundError, ValueError):
        return None


def _write(file: str, record: dict) -> None:
    """Anew and renamed. A full disk costs the record, not the job."""
    draft = FOLDER / f".{file}.new"
    try:
        with draft.open("w") as stream:
            json.dump(record, stream)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(FOLDER / file)
    except OSError as error:
        print(f"slipway: {file} cannot be written: {error}", flush=True)
