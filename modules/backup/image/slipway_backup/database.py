"""
Backs one PostgreSQL server up: `python3 -m slipway_backup.database`, full or incremental as it is due.

`--verify` reads everything there is in the repository instead, and tells what is damaged.
"""

import argparse
import os
import re
import subprocess
import sys
import time

from slipway_backup import pgbackrest, seal, sets
from slipway_jobs.store import Lock

#: Seconds for which a server that starts is waited for.
PATIENCE = 180
#: Seconds for which a backup at work is waited for: it changes files before it seals them.
LONGEST_BACKUP = 3600
#: What pgBackRest says of a repository that it has not been used with: no folder, or nothing in it.
NO_STANZA = (1, 3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m slipway_backup.database", description=__doc__)
    parser.add_argument("--verify", action="store_true", help="read all backups and tell what is damaged")
    if parser.parse_args().verify:
        verify()
    else:
        backup()


def backup() -> None:
    name = sets.due()
    _wait()
    kind = "full" if _full_is_due() else "incr"
    print(f"slipway: {kind} backup of {pgbackrest.STANZA}, set {name}", flush=True)
    # Retention is part of it.
    pgbackrest.run(f"--type={kind}", f"--annotation=set={name}", "backup")
    seal.renew()
    sets.completed(name)


def verify() -> None:
    lock = Lock("backup")
    lock.take(LONGEST_BACKUP)
    damage = seal.damaged()
    lock.give_back()
    text = pgbackrest.run("--output=text", "--verbose", "verify", ok=(0, *range(25, 256))).decode(errors="replace")
    if not re.search(r"^status: ok$", text, re.MULTILINE):
        damage += [line.strip() for line in text.splitlines() if _is_bad(line)] or ["the repository cannot be read"]
    for line in damage:
        print(f"slipway: {line}", flush=True)
    if damage:
        sys.exit(1)


def _is_bad(line: str) -> bool:
    """Of what `pgbackrest verify` prints: a count that is not 0, or a status that is not good."""
    return bool(re.search(r"invalid: [1-9]|missing: [1-9]|other: [1-9]|status: (?!ok|valid)|No usable", line))


def _full_is_due() -> bool:
    if os.environ.get("SLIPWAY_FULL"):
        return True
    full = [each["timestamp"]["stop"] for each in pgbackrest.info()["backup"] if each["type"] == "full"]
    # One interval early rather than one late.
    slack = int(os.environ["SLIPWAY_EVERY"]) / 2
    return not full or time.time() - max(full) > int(os.environ["SLIPWAY_FULL_AFTER"]) - slack


def _wait() -> None:
    """Until the server takes connections and hands over its WAL; the first backup is due before it ever did."""
    deadline = time.monotonic() + PATIENCE
    while True:
        done = subprocess.run(
            ["pgbackrest", f"--stanza={pgbackrest.STANZA}", "check"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode == 0:
            return
        if time.monotonic() > deadline:
            sys.exit(done.stdout)
        # The repository could not be reached when the server started.
        if pgbackrest.info()["status"]["code"] in NO_STANZA:
            subprocess.run(["pgbackrest", f"--stanza={pgbackrest.STANZA}", "--no-online", "stanza-create"])
        time.sleep(2)


if __name__ == "__main__":
    main()
