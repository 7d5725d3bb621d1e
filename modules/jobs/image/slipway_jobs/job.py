"""The jobs of a container, as its file lists them."""

import json
import os
from pathlib import Path
from typing import NamedTuple

from slipway_jobs.schedule import Cron, Every, Schedule

FILE = Path(os.environ.get("SLIPWAY_JOBS_FILE", "/etc/slipway/jobs.json"))


class Job(NamedTuple):
    name: str
    schedule: Schedule
    #: What a run does that meets the one before: "forbid" leaves it alone, "replace" ends it.
    overlap: str
    #: Seconds that a run may take.
    timeout: float
    #: Seconds between the signal that asks a command to end and the one that ends it.
    grace: float
    command: list[str]

    @property
    def longest(self) -> float:
        """Seconds after which no run of it is left."""
        return self.timeout + self.grace


def read(file: Path = FILE) -> list[Job]:
    return [_job(**entry) for entry in json.loads(file.read_text())]


def _job(name: str, schedule: dict, overlap: str, timeout: float, command: list[str], grace: float = 10) -> Job:
    when = Every(schedule["every"]) if "every" in schedule else Cron(schedule["cron"], schedule["timezone"])
    return Job(name, when, overlap, timeout, grace, command)
