"""
Backup sets: the backups of databases and those of files that were made for the same period belong together.

The scheduler asks every few minutes whether the set of this period is there, so that a backup that failed or was
interrupted is tried again soon.
"""

import os
import sys
import time
from pathlib import Path

#: Name of the last set that was completed.
DONE = Path("/var/lib/slipway/jobs/last-set")


def due() -> str:
    """The set that is to be made: the one that was asked for, or that of this period. Ends the process when it is there."""
    asked = os.environ.get("SLIPWAY_SET")
    if asked:
        return asked
    every = int(os.environ["SLIPWAY_EVERY"])
    name = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() // every * every))
    if DONE.exists() and DONE.read_text() == name:
        print(f"slipway: the set of {name} is complete", flush=True)
        sys.exit(0)
    return name


def completed(name: str) -> None:
    if not os.environ.get("SLIPWAY_SET"):
        DONE.write_text(name)
