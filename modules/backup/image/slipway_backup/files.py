"""
Backs shared folders and secrets up: `python3 -m slipway_backup.files`.

`--snapshot TAG` makes one more backup beside the sets, and prints its name.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from slipway_backup import sets

#: What is backed up, where there is any of it.
FOLDERS = ("/srv/shared", "/run/secrets/stack")
#: Exit code of restic where there is no repository yet.
NO_REPOSITORY = 10
#: Groups all snapshots: the name of a container is another after each release.
HOST = "slipway"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m slipway_backup.files", description=__doc__)
    parser.add_argument("--snapshot", metavar="TAG", help="make one more backup with this tag, and print its name")
    tag = parser.parse_args().snapshot
    if tag:
        print(snapshot(tag))
    else:
        backup()


def snapshot(tag: str) -> str:
    done = subprocess.run(
        ["restic", "--json", "backup", "--host", HOST, "--tag", tag, *folders()], stdout=subprocess.PIPE
    )
    if done.returncode != 0:
        sys.exit(f"slipway: restic backup ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])["snapshot_id"]


def backup() -> None:
    name = sets.due()
    # A run that was killed leaves its lock behind; this one is alone, by the lock of its job.
    unlocked = subprocess.run(["restic", "--quiet", "unlock"], stderr=subprocess.PIPE)
    if unlocked.returncode == NO_REPOSITORY:
        restic("init")
    elif unlocked.returncode != 0:
        sys.exit(unlocked.stderr.decode(errors="replace"))
    print(f"slipway: backup of files, set {name}", flush=True)
    restic("backup", "--host", HOST, "--tag", f"set={name}", *folders())
    keep = f"{-(-int(os.environ['SLIPWAY_KEEP']) // 3600)}h"
    restic("forget", "--host", HOST, "--group-by", "host", "--keep-last", "1", "--keep-within", keep, "--prune")
    sets.completed(name)


def folders() -> list[str]:
    return [folder for folder in FOLDERS if Path(folder).is_dir()]


def restic(*arguments: str) -> None:
    """Ends this process when it fails."""
    code = subprocess.run(["restic", "--quiet", *arguments]).returncode
    if code != 0:
        sys.exit(f"slipway: restic {arguments[0]} ended with {code}")


if __name__ == "__main__":
    main()
