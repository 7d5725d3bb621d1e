"""Prints the last results as one line of JSON, and exits 0 while the scheduler is alive."""

import json
import sys

from slipway_jobs import alive, job, store


def main() -> None:
    print(json.dumps({"jobs": [_of(each) for each in job.read()]}, separators=(",", ":")))
    if not alive.is_given():
        sys.exit("slipway: the scheduler does not run")


def _of(each: job.Job) -> dict:
    """Without the output: the engine keeps 4096 bytes of what a health check prints."""
    last, plan = store.result(each.name) or {}, store.plan(each.name) or {}
    return {
        "name": each.name,
        "schedule": each.schedule.text,
        **{key: last.get(key) for key in ("started", "seconds", "result", "exitCode")},
        "skipped": plan.get("skipped", 0),
        "next": plan.get("next"),
    }


if __name__ == "__main__":
    main()
