"""When a job is due. All moments are in UTC."""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class Schedule:
    #: As it is written in the stack, and kept with the moment that follows from it.
    text: str

    def first(self, now: datetime) -> datetime:
        """When a job is due that was never due before."""
        raise NotImplementedError

    def after(self, due: datetime, now: datetime) -> datetime:
        """When a job is due again that was due at a moment, and is run now."""
        raise NotImplementedError

    def resumed(self, due: datetime, now: datetime) -> datetime:
        """When a job is due that was to be at a moment, of which nobody took notice if it is over: then it is now, once."""
        # A clock that was set back must not make it wait for that long.
        return min(due, self.after(now, now))

    def rewritten(self, due: datetime, now: datetime) -> datetime:
        """When a job is due that was to be at a moment by another schedule."""
        raise NotImplementedError


class Every(Schedule):
    """Each so many seconds, counted from when it was due and not from when it was run: it does not drift."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.text = f"every {seconds:g} s"

    def first(self, now):
        return now

    def after(self, due, now):
        passed = math.floor((now - due).total_seconds() / self.seconds)
        return due + timedelta(seconds=(passed + 1) * self.seconds)

    def rewritten(self, due, now):
        return self.resumed(due, now)


class Cron(Schedule):
    """
    By the clock of a time zone. As Debian's cron has it, an hour that the clock leaves out makes up for its jobs when it is
    over, and one that comes twice runs them once; jobs of every hour or minute are run in each.
    """

    def __init__(self, expression: str, timezone: str):
        self.expression = expression
        self.zone = ZoneInfo(timezone)
        self.text = f"{expression} {timezone}"

    def first(self, now):
        # Here, because a container whose jobs are all of the other kind needs no library.
        from cronsim import CronSim

        for found in CronSim(self.expression, now.astimezone(self.zone)):
            # In the hour that comes twice it names the first one even when that is over.
            if found.astimezone(UTC) > now:
                return found.astimezone(UTC)
        raise ValueError(f"{self.text} is never")

    def after(self, due, now):
        return self.first(now)

    def rewritten(self, due, now):
        return self.first(now)
