"""pgBackRest, as a program that is run."""

import json
import os
import subprocess
import sys

STANZA = os.environ.get("SLIPWAY_STANZA", "")


def run(*arguments: str, stdin: bytes | None = None, ok: tuple[int, ...] = (0,)) -> bytes:
    """What it printed; ends this process, with its words, when it fails."""
    done = subprocess.run(["pgbackrest", f"--stanza={STANZA}", *arguments], input=stdin, stdout=subprocess.PIPE)
    if done.returncode not in ok:
        sys.exit(f"slipway: pgbackrest {arguments[-1]} ended with {done.returncode}")
    return done.stdout


def info() -> dict:
    """What is known of the backups of this server."""
    found = json.loads(run("--output=json", "info"))
    return next((each for each in found if each["name"] == STANZA), {"backup": [], "status": {"code": 1}})


def ls(folder: str) -> dict[str, dict]:
    """All files below a folder of the repository, by their path in it."""
    listed = json.loads(
        subprocess.run(
            ["pgbackrest", "--recurse", "--output=json", "repo-ls", folder], stdout=subprocess.PIPE, check=True
        ).stdout
    )
    return {f"{folder}/{path}": each for path, each in listed.items() if each["type"] == "file"}


def get(path: str, raw: bool = True) -> bytes | None:
    """The bytes of a file of the repository, as they are stored or decrypted; None when there is none."""
    form = ["--raw"] if raw else []
    done = subprocess.run(["pgbackrest", *form, "--ignore-missing", "repo-get", path], stdout=subprocess.PIPE)
    return done.stdout if done.returncode == 0 else None


def put(path: str, content: bytes) -> None:
    """Stores a file in the repository as it is."""
    subprocess.run(["pgbackrest", "--raw", "repo-put", path], input=content, check=True)
