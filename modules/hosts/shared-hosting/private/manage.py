"""
What is done to the site beside answering visitors:

    manage.py check          does the application answer?
    manage.py migrate        create and alter the tables of the database
    manage.py job NAME       run a job once; one that still runs is left alone
    manage.py verify URL     ask the site what it shows, and what it must not show
"""

import fcntl
import os
import subprocess
import sys
import urllib.error
import urllib.request

from slipway_places import PRIVATE, place
from slipway_settings import SITE, Unfinished, prepare


def check() -> None:
    import slipway_site
    from slipway_node import rehearse

    if slipway_site.unfinished:
        sys.exit(1)
    status = rehearse.ask(slipway_site.loaded, os.environ["SLIPWAY_HEALTH_PATH"])
    if not status.startswith("200"):
        sys.exit(f"slipway: the application answers {status} instead of 200")
    print("The application answers.")


def migrate() -> None:
    """As the only node of the site: what it notes about the tables stays in the folder state."""
    prepare()
    module, *applications = SITE["migration"].split() or [None]
    if module is None:
        print("There are no tables to migrate.")
        return
    folder = place("/var/lib/app/databases")
    os.makedirs(folder, exist_ok=True)
    for application in applications:
        _run([sys.executable, "-m", module, application], {"SLIPWAY_MIGRATE": "1", "SLIPWAY_DB_FOLDER": folder})
    print("The database is migrated.")


def job(name: str) -> None:
    prepare()
    jobs = {each["name"]: each for each in SITE["jobs"]}
    if name not in jobs:
        sys.exit(f"slipway: there is no job {name}: allowed is {', '.join(jobs) or 'none'}")
    with open(PRIVATE / f"state/job-{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"slipway: {name} still runs")
        program, *words = [place(word) for word in jobs[name]["command"]]
        python = os.path.basename(program) in ("python", "python3")
        _run([sys.executable if python else program, *words], {}, jobs[name]["timeout"])


def _run(command: list[str], environment: dict[str, str], timeout: float | None = None) -> None:
    """A program that has the settings of the site, and its packages where it is Python."""
    environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        result = subprocess.run(command, env=environment, cwd=PRIVATE / "app", check=False, timeout=timeout)
    except subprocess.TimeoutExpired:
        sys.exit(f"slipway: {' '.join(command)} did not end within {timeout:.0f} seconds")
    if result.returncode:
        sys.exit(f"slipway: {' '.join(command)} ended with {result.returncode}")


def verify(url: str) -> None:
    failed = 0
    for probe in SITE["probes"]:
        status, content = _ask(url.rstrip("/") + probe["path"])
        if "allowed" in probe:
            fits = status in probe["allowed"]
        else:
            # An application may have an answer of its own at any path.
            fits = bool(content) and (PRIVATE / probe["hides"]).read_bytes().strip() not in content
        failed += not fits
        print(f"{'ok  ' if fits else 'FAIL'} {status} {probe['path']}  {probe['what']}")
    if failed:
        sys.exit(f"slipway: {failed} of {len(SITE['probes'])} answers are not what they should be")


def _ask(url: str) -> tuple[int | str, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return f"({error})", b""


def main(command: str = "", *words: str) -> None:
    commands = {"check": check, "migrate": migrate, "job": job, "verify": verify}
    if command not in commands or len(words) != (command in ("job", "verify")):
        sys.exit(__doc__)
    try:
        commands[command](*words)
    except Unfinished as error:
        sys.exit(f"slipway: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Python would wait for threads that the application started.
    os._exit(0)
