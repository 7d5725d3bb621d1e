"""
One run of a job, under its lock: `python3 -m slipway_jobs.run NAME` runs it now and exits with its code.

The command has a session of its own, which ends with it: neither a timeout nor a stop leaves a part of it behind.
"""

import argparse
import collections
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

from slipway_jobs import job as jobs
from slipway_jobs import store
from slipway_jobs.job import Job

#: Exit codes of a run that has none of its own: of timeout(1), of a shell, and EX_TEMPFAIL of sysexits(3).
TIMED_OUT, NOT_FOUND, BUSY = 124, 127, 75
#: Lines of output that are kept, and characters of each.
LINES, WIDTH = 20, 500
#: Bytes after which a line is cut, so that one without an end takes no memory.
LONGEST_LINE = 8192
REPLACE = signal.SIGUSR1
#: What the signals mean that end a run before its time.
ENDINGS = {
    signal.SIGTERM: "stopped",
    signal.SIGINT: "stopped",
    signal.SIGHUP: "stopped",
    REPLACE: "replaced",
}
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m slipway_jobs.run", description="Run a job now.")
    parser.add_argument("name")
    parser.add_argument("--scheduled", action="store_true", help="name the job in each line, and exit 0 if it was run")
    arguments = parser.parse_args()
    known = {job.name: job for job in jobs.read()}
    job = known.get(arguments.name)
    if job is None:
        parser.error(f"there is no job {arguments.name}; there are: {', '.join(known) or 'none'}")
    signal.pthread_sigmask(signal.SIG_BLOCK, {*ENDINGS, signal.SIGCHLD})
    lock = store.Lock(job.name)
    if not _taken(lock, job):
        refused = f"{job.name} runs already, or its container is about to stop"
        print(f"slipway: left out, as {refused}" if arguments.scheduled else f"slipway: {refused}", flush=True)
        sys.exit(BUSY)
    code = run(job, arguments.scheduled)
    sys.exit(0 if arguments.scheduled else code)


def _taken(lock: store.Lock, job: Job) -> bool:
    if lock.take():
        return True
    holder = lock.holder() if job.overlap == "replace" else None
    if holder is None:
        return False
    try:
        os.kill(holder, REPLACE)
    except ProcessLookupError:
        pass
    return lock.take(job.grace + 5)


def run(job: Job, scheduled: bool) -> int:
    """Runs the command to its end, keeps what became of it, and returns its exit code as a shell would."""
    started, begun = datetime.now(UTC), time.monotonic()
    record = {
        "name": job.name,
        "started": store.text(started),
        "ended": None,
        "seconds": None,
        "result": "running",
        "exitCode": None,
        "output": [],
    }
    store.keep_result(job.name, record)
    output = collections.deque(maxlen=LINES)
    result, code = _execute(job, output, f"{job.name}: " if scheduled else "")
    seconds = round(time.monotonic() - begun, 3)
    store.keep_result(
        job.name,
        {
            **record,
            "ended": store.text(datetime.now(UTC)),
            "seconds": seconds,
            "result": result,
            "exitCode": code,
            "output": [line[:WIDTH] for line in output],
        },
    )
    if scheduled or result not in ("succeeded", "failed"):
        print(f"slipway: {job.name} {result} after {seconds:.1f} s, exit code {code}", flush=True)
    return code


def _execute(job: Job, output: collections.deque, prefix: str) -> tuple[str, int]:
    try:
        process = subprocess.Popen(
            job.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SLIPWAY_JOB": job.name},
            start_new_session=True,
            preexec_fn=_prepare,
        )
    except OSError as error:
        output.append(f"slipway: {job.command[0]} cannot be run: {error.strerror}")
        print(f"{prefix}{output[-1]}", flush=True)
        return "failed", NOT_FOUND
    reader = threading.Thread(target=_relay, args=(process.stdout, output, prefix), daemon=True)
    reader.start()
    ending = _await(process, job)
    _signal(process, signal.SIGKILL)
    status = process.wait()
    # Whoever left the session may hold the pipe for ever.
    reader.join(timeout=1)
    code = status if status >= 0 else 128 - status
    if ending is None:
        return ("succeeded" if code == 0 else "failed"), code
    return ending, TIMED_OUT if ending == "timed-out" else code or 128 + signal.SIGTERM


def _prepare() -> None:
    """In the process that becomes the command, which a killed run must not leave behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _await(process: subprocess.Popen, job: Job) -> str | None:
    """Returns when the command has ended; what ended it, if it was not itself."""
    deadline = time.monotonic() + job.timeout
    ending = None
    while not _has_ended(process):
        received = signal.sigtimedwait({*ENDINGS, signal.SIGCHLD}, max(0, deadline - time.monotonic()))
        if received is None and ending is not None:
            return ending
        if ending is None and (received is None or received.si_signo in ENDINGS):
            ending = "timed-out" if received is None else ENDINGS[received.si_signo]
            _signal(process, signal.SIGTERM)
            deadline = time.monotonic() + job.grace
    return ending


def _has_ended(process: subprocess.Popen) -> bool:
    """Without forgetting its number, which names the rest of its session."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _signal(process: subprocess.Popen, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def _relay(stream, output: collections.deque, prefix: str) -> None:
    for line in iter(lambda: stream.readline(LONGEST_LINE), b""):
        text = line.decode(errors="replace").rstrip("\r\n")
        output.append(text)
        try:
            print(f"{prefix}{text}", flush=True)
        except OSError:
            # Nobody reads it any more; the command must not wait for them.
            pass


if __name__ == "__main__":
    main()
