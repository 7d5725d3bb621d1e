"""Files below /files, with locks that are taken again after a restart of the server."""
import contextlib
import time

from session import Refused, Session
from xdr import opaque, u32, u64

DENIED = 10010
WRITE_LOCK, WHOLE = u32(2), u64(0, 2**64 - 1)
FILE_SYNC = 2


class Files:
    def __init__(self, server: str, port: int, name: str):
        self.session = Session(server, port, name)
        self.session.reclaim = self._reclaim
        self._open: list[File] = []

    def open(self, name: str) -> "File":
        """Makes the file where it is not there."""
        owner = u64(0) + opaque(self.session.name)
        create = u32(1, 0, 2, 0, 2) + opaque(u32(0o640))
        claim = u32(0) + opaque(name.encode())
        *_, state, handle = self.session.call(
            *[(24, b""), (15, opaque(b"files"))],
            *[(18, u32(0, 3, 0) + owner + create + claim), (10, b"")],
        )
        file = File(self.session, handle.opaque(), state.fixed(16))
        self._open.append(file)
        return file

    def close(self) -> None:
        for file in self._open:
            file.close()
        self.session.end()

    def _reclaim(self) -> None:
        for file in self._open:
            file.reclaim()


class File:
    def __init__(self, session: Session, handle: bytes, state: bytes):
        self._session = session
        self._here = (22, opaque(handle))
        self._state = state
        self._lock = None
        self._locked = False

    def reclaim(self) -> None:
        """CLAIM_PREVIOUS, and a LOCK that says that it was held; of the session itself, which is not begun yet."""
        owner = u64(0) + opaque(self._session.name)
        _, state = self._session._sequence([self._here, (18, u32(0, 3, 0) + owner + u32(0, 1, 0))])
        self._state = state.fixed(16)
        self._lock = None
        if self._locked:
            _, lock = self._session._sequence([self._here, (12, self._locking(reclaim=1))])
            self._lock = lock.fixed(16)

    def _locking(self, reclaim: int = 0) -> bytes:
        if self._lock is not None:
            locker = u32(0) + self._lock + u32(0)
        else:
            locker = u32(1, 0) + self._state + u32(0) + u64(0) + opaque(self._session.name)
        return WRITE_LOCK + u32(reclaim) + WHOLE + locker

    @contextlib.contextmanager
    def locked(self):
        while not self._take():
            time.sleep(0.001)
        yield
        # Whether it was given back before a restart, nobody can tell; it is not asked for again.
        self._locked = False
        recoveries = self._session.recoveries

        def unlocking():
            return WRITE_LOCK + u32(0) + self._lock + WHOLE

        try:
            _, lock = self._session.call(self._here, (14, unlocking()))
            self._lock = lock.fixed(16)
        except Refused:
            if self._session.recoveries == recoveries:
                raise

    def _take(self) -> bool:
        recoveries = self._session.recoveries
        try:
            _, lock = self._session.call(self._here, (12, self._locking()))
        except Refused as refused:
            # Of the session before, whose states are no more: it is asked for again in the words of this one.
            if refused.status != DENIED and self._session.recoveries == recoveries:
                raise
            return False
        self._lock = lock.fixed(16)
        self._locked = True
        return True

    def close(self) -> None:
        self._again(lambda: (4, u32(0) + self._state))

    def read(self, length: int) -> bytes:
        return self._again(lambda: (25, self._lock + u64(0) + u32(length))).opaque()

    def write(self, content: bytes) -> None:
        done = self._again(lambda: (38, self._lock + u64(0) + u32(FILE_SYNC) + opaque(content))).u32()
        if done != len(content):
            raise OSError(f"wrote {done} of {len(content)} bytes")

    def _again(self, operation):
        """What is done under a lock is done again under the same lock after a restart."""
        while True:
            recoveries = self._session.recoveries
            try:
                return self._session.call(self._here, operation())[1]
            except Refused:
                if self._session.recoveries == recoveries:
                    raise
