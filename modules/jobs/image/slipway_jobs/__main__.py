"""
The scheduler. Each run is a process of its own (slipway_jobs.run), which holds the lock of its job.

There is one on a volume: that of a new release waits until the one before has ended. At a stop nothing new is run, what
runs may go on to its end, and then the scheduler exits.
"""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

from slipway_jobs import alive, job, run, store
from slipway_jobs.job import Job

STOPS = {signal.SIGTERM, signal.SIGINT}
#: The last one is for a run that held the lock of its job just now.
SIGNALS = {*STOPS, signal.SIGCHLD, run.REPLACE}
#: No job can have this name.
LOCK = store.Lock(".scheduler")


class Planned:
    """A job, when it is due next, and its runs that have not ended."""

    def __init__(self, planned: Job, now: datetime):
        self.job = planned
        self.runs: list[subprocess.Popen] = []
        schedule = planned.schedule
        known = store.plan(planned.name)
        if known is None:
            self.due, self.skipped = schedule.first(now), 0
        else:
            resume = schedule.resumed if known["schedule"] == schedule.text else schedule.rewritten
            self.due, self.skipped = resume(store.moment(known["next"]), now), known["skipped"]
        self._keep()

    def start(self, now: datetime) -> None:
        self.due = self.job.schedule.after(self.due, now)
        # One that runs is in the way of the next, unless that is to end it; and one that is about to will do.
        if len(self.runs) > (self.job.overlap == "replace"):
            self.skipped += 1
            print(f"slipway: {self.job.name} is left out, as it runs already", flush=True)
            self._keep()
            return
        # Before it runs: a job that brings its container down is not run again and again.
        self._keep()
        self.runs.append(subprocess.Popen([sys.executable, "-m", "slipway_jobs.run", "--scheduled", self.job.name]))

    def reap(self) -> None:
        for ended in [each for each in self.runs if each.poll() is not None]:
            self.runs.remove(ended)
            self.skipped = self.skipped + 1 if ended.returncode == run.BUSY else 0
            self._keep()

    def _keep(self) -> None:
        plan = {"next": store.text(self.due), "schedule": self.job.schedule.text, "skipped": self.skipped}
        store.keep_plan(self.job.name, plan)


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        jobs = job.read()
    except (OSError, ValueError, TypeError, KeyError) as error:
        sys.exit(f"slipway: {job.FILE} cannot be read: {error}")
    try:
        if _alone():
            _report_interrupted(jobs)
            planned = [Planned(each, datetime.now(UTC)) for each in jobs]
            _schedule(planned)
            _stop(planned)
    finally:
        alive.end()


def _alone() -> bool:
    """Waits until no other scheduler runs; False when it is told to stop before."""
    waits = False
    while not LOCK.take():
        alive.give()
        if not waits:
            print("slipway: waits until the scheduler before has ended", flush=True)
            waits = True
        if _stopped_within(1):
            return False
    return True


def _report_interrupted(jobs: list[Job]) -> None:
    for each in jobs:
        found = store.result(each.name)
        if found and found["result"] == "interrupted" and found["ended"] is None:
            found["ended"] = store.text(datetime.now(UTC))
            store.keep_result(each.name, found)
            print(f"slipway: {each.name}, which ran since {found['started']}, was interrupted", flush=True)


def _schedule(planned: list[Planned]) -> None:
    while True:
        alive.give()
        now = datetime.now(UTC)
        for each in planned:
            each.reap()
            if each.due <= now:
                each.start(now)
        pause = min((each.due for each in planned), default=now) - datetime.now(UTC)
        if _stopped_within(min(alive.INTERVAL, pause.total_seconds()) if planned else alive.INTERVAL):
            return


def _stopped_within(seconds: float) -> bool:
    """Waits for so long, or until a run has ended; whether it was told to stop."""
    received = signal.sigtimedwait(SIGNALS, max(0, seconds))
    return received is not None and received.si_signo in STOPS


def _stop(planned: list[Planned]) -> None:
    """Returns when no job runs, by whomever it was started, and none can begin any more."""
    deadline = time.monotonic() + max((each.job.longest for each in planned), default=0) + 5
    for each in planned:
        lock = store.Lock(each.job.name)
        said = False
        while True:
            alive.give()
            each.reap()
            # A run that was started takes its lock in a moment: it goes first.
            if (not each.runs and lock.take()) or time.monotonic() > deadline:
                break
            if not said:
                print(f"slipway: stops when {each.job.name} has ended", flush=True)
                said = True
            _stopped_within(1)


if __name__ == "__main__":
    main()
