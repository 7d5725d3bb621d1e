"""The sign of life of the scheduler, in its own container."""

import os
import time
from pathlib import Path

FILE = Path(os.environ.get("SLIPWAY_JOBS_ALIVE", "/tmp/slipway-jobs.alive"))
#: Seconds between two of them, and after which one counts no more.
INTERVAL, VALID = 5, 30


def give() -> None:
    FILE.touch()


def is_given() -> bool:
    try:
        return time.time() - FILE.stat().st_mtime < VALID
    except FileNotFoundError:
        return False


def end() -> None:
    FILE.unlink(missing_ok=True)
