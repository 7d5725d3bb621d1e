"""
Runs the server of a node on sockets that outlive it by a moment, so that a stop loses no request.

A server that closes its socket resets every connection that waits there, and a write on one of them can not be repeated:
nobody knows whether it was done. So the sockets belong to this process, and the server inherits them. At a stop they
refuse first, which whoever asks takes for a reason to ask another node at once, then the server accepts what waits, and
only then it is told to finish the requests at hand and to end.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

LISTENERS = Path("/etc/slipway/listeners")
STOPPING = Path("/run/slipway/stopping")
#: The server knows them by these numbers: the first line of the file is the first (modules/app/server/listeners.ts).
FIRST_DESCRIPTOR = 10
BACKLOG = 128

#: Seconds that it goes on as if nothing was. The node that takes its place is ready, but an edge that was refused there a
#: moment ago leaves it out for so long, and would have nobody left.
NOTICE = 2.0
#: A handshake that had begun is complete, and what was accepted has been read, when nothing came for so many seconds.
QUIET = 0.1
#: Seconds that connections may wait for a server that is busy; it needs what is left of the node's grace itself.
LIMIT = 5.0

STOPS = {signal.SIGTERM, signal.SIGWINCH}


class Listener:
    """Where somebody may connect to the server."""

    def announce(self) -> None:
        """Tells the server that it is going to stop, which matters only to one that keeps connections."""

    def refuse(self) -> None:
        """Refuses new connections."""
        raise NotImplementedError


class TcpListener(Listener):
    """A socket at an address and a port."""

    def __init__(self, host: str, port: int):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, port))
        self.socket.listen(BACKLOG)

    def refuse(self) -> None:
        """
        Refuses new connections, whoever else holds the socket, while those that wait in it, or are about to, stay: from
        now on only the node itself reaches it. To bind a socket to an interface needs no privilege since Linux 5.7.
        """
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
        except PermissionError:
            print("slipway: Linux before 5.7: connections that begin while the node stops may be lost", flush=True)


class UnixListener(Listener):
    """A socket at a path, which takes the place of one that is there without a moment between them."""

    def __init__(self, path: Path):
        self.path = path
        fresh = path.with_name(f"{path.name}.new")
        fresh.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(fresh))
        # Its folder is seen by nobody but the edge, which has another user.
        fresh.chmod(0o666)
        self.inode = fresh.stat().st_ino
        self.socket.listen(BACKLOG)
        fresh.rename(path)

    def refuse(self) -> None:
        """Takes the path away, unless it is the next release's already."""
        if self.path.exists() and self.path.stat().st_ino == self.inode:
            self.path.unlink()


class ServersOwn(Listener):
    """
    Sockets that a server opens itself, and empties itself when it is asked at an address of the node: Apache. It keeps
    connections, and ends them with the next answer as soon as there is a file.
    """

    def __init__(self, url: str):
        self.url = url
        STOPPING.unlink(missing_ok=True)

    def announce(self) -> None:
        STOPPING.touch()

    def refuse(self) -> None:
        # Without a proxy that the application's environment may name. Where it fails, it says why, and the stop goes on.
        quiet = ["--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", str(LIMIT + 1)]
        subprocess.run(["curl", *quiet, self.url], check=False)


def listen(line: str) -> Listener:
    """The listener for a line of the file: `host:port`, a path with the name of the node in it, or an URL to ask."""
    if line.startswith("http:"):
        return ServersOwn(line)
    if line.startswith("/"):
        return UnixListener(Path(os.path.expandvars(line)))
    host, port = line.split(":")
    return TcpListener(host, int(port))


def sockets(listeners: list[Listener]) -> list[socket.socket]:
    return [listener.socket for listener in listeners if not isinstance(listener, ServersOwn)]


def drain(listeners: list[Listener]) -> None:
    """Returns when the server has accepted all connections and no more can come, or after the limit."""
    for listener in listeners:
        listener.announce()
    time.sleep(NOTICE)
    poll = select.poll()
    for listener in listeners:
        listener.refuse()
    for owned in sockets(listeners):
        poll.register(owned, select.POLLIN)
    deadline = time.monotonic() + LIMIT
    while poll.poll(QUIET * 1000) and time.monotonic() < deadline:
        time.sleep(0.01)


def serve(listeners: list[Listener], command: list[str]) -> int:
    """Runs the server until it ends, which may be because this process was told to stop; returns its exit code."""
    signals = STOPS | {signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    inherited = [
        (os.POSIX_SPAWN_DUP2, owned.fileno(), FIRST_DESCRIPTOR + index)
        for index, owned in enumerate(sockets(listeners))
    ]
    server = os.posix_spawnp(command[0], command, os.environ, file_actions=inherited, setsigmask=())
    while True:
        received = signal.sigwait(signals)
        if received in STOPS:
            drain(listeners)
            os.kill(server, received)
        ended, status = os.waitpid(server, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def main() -> None:
    lines = LISTENERS.read_text().splitlines()
    sys.exit(serve([listen(line) for line in lines if not line.startswith("#")], sys.argv[1:]))


if __name__ == "__main__":
    main()
