"""
Restores a snapshot of the files into a folder of its own, and compares it with what is there now:
`python3 -m slipway_backup.compare SNAPSHOT`. Prints what it found as one line of JSON.

Applications go on meanwhile: a file that was changed, made or removed since then is counted, and not compared.
"""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOTS = ("/srv/shared", "/run/secrets/stack")
TARGET = "/srv/restored"
CHUNK = 1 << 20


def main() -> None:
    snapshot = sys.argv[1]
    checking = subprocess.Popen(
        ["restic", "--quiet", "--no-cache", "--no-lock", "check", "--read-data"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    restored = subprocess.run(
        ["restic", "--quiet", "--no-cache", "--no-lock", "restore", snapshot, "--target", TARGET],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    damage = [] if restored.returncode == 0 else _lines("files cannot be restored", restored.stdout)
    found = {"files": 0, "bytes": 0, "changedSince": 0}
    with ThreadPoolExecutor() as pool:
        for size, changed, problem in pool.map(_compare, sorted(_files(TARGET))):
            found["files"] += 1
            found["bytes"] += size
            found["changedSince"] += changed
            damage += [problem] if problem else []
    output, _ = checking.communicate()
    if checking.returncode != 0:
        damage += _lines("the repository of files is damaged", output)
    print(json.dumps({**found, "damage": damage}))


def _files(root: str) -> list[str]:
    """Regular files below a folder, relative to it."""
    return [
        os.path.relpath(os.path.join(folder, name), root)
        for folder, _, names in os.walk(root)
        for name in names
        if os.path.isfile(os.path.join(folder, name)) and not os.path.islink(os.path.join(folder, name))
    ]


def _compare(path: str) -> tuple[int, int, str | None]:
    """Its size, whether it was changed since, and what is wrong with it."""
    restored, live = Path(TARGET, path), Path("/", path)
    was = restored.stat()
    try:
        now = live.stat()
        if (now.st_size, now.st_mtime_ns) != (was.st_size, was.st_mtime_ns) and path.startswith("srv/"):
            return was.st_size, 1, None
        same = _sum(live) == _sum(restored)
    except FileNotFoundError:
        return was.st_size, 1, None
    return was.st_size, 0, None if same else f"/{path} is another when restored"


def _sum(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _lines(what: str, output: str) -> list[str]:
    told = [line.strip() for line in output.splitlines() if line.strip()]
    return [f"{what}: {line}" for line in told[:5]] or [what]


if __name__ == "__main__":
    main()
