"""A session of NFS 4.1 (RFC 8881): each request is done once, and what was locked is locked again after a restart.

The state of a client is recovered as the Linux kernel does it: a server that does not know the session is told who the client
is, has its files opened and its locks taken again while the grace lasts, and then hears that this is all.
"""
import os
import socket
import time

from xdr import Reader, opaque, u32, u64

# What a restart and its grace take, and what a busy machine needs on top.
PATIENCE = 90
GRACE, DELAY = 10013, 10008
# STALE_CLIENTID, BADSESSION, DEADSESSION: the server was started anew.
FORGOTTEN = {10022, 10052, 10078}


class Refused(Exception):
    """A status of NFS that is not OK."""

    def __init__(self, operation: int, status: int):
        super().__init__(f"operation {operation} ended with status {status}")
        self.status = status


class Lost(Exception):
    """Files or locks that a server did not give back."""


class Session:
    def __init__(self, server: str, port: int, name: str):
        self._address = (server, port)
        self.name = name.encode()
        self._verifier = os.urandom(8)
        self._socket = None
        self._xid = 0
        self._id = None
        self.recoveries = 0
        # Called with this session after a restart, before anybody else gets a lock.
        self.reclaim = lambda: None
        self._patiently(self._begin)

    def call(self, *operations: tuple[int, bytes]) -> list[Reader]:
        """Results of operations, each (number, arguments); asked again over another connection, and after a restart."""
        return self._patiently(lambda: self._sequence(operations))

    def end(self) -> None:
        """Nobody waits for this client after the next restart."""
        self._compound((44, self._id))
        self._compound((57, u64(self._client)))

    def _patiently(self, ask):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except OSError:
                self._hang_up()
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            except Refused as refused:
                if refused.status in FORGOTTEN:
                    self._id = None
                elif refused.status not in (GRACE, DELAY) or time.monotonic() > until:
                    raise
                else:
                    time.sleep(0.2)

    def _sequence(self, operations) -> list[Reader]:
        if self._id is None:
            self._begin()
        # The answer is kept: asked again, the server gives it again and does nothing.
        sequence = (53, self._id + u32(self._next, 0, 0, 1))
        results = self._compound(sequence, *operations)
        return results[1:]

    def _begin(self) -> None:
        """EXCHANGE_ID, CREATE_SESSION, what is reclaimed, RECLAIM_COMPLETE."""
        again = self._id is None and hasattr(self, "_next")
        owner = self._verifier + opaque(self.name)
        (identity,) = self._compound((42, owner + u32(0, 0, 0)))
        self._client, number = identity.u64(), identity.u32()
        channel = u32(0, 65536, 65536, 65536, 16, 1, 0)
        (session,) = self._compound((43, u64(self._client) + u32(number, 0) + channel * 2 + u32(0, 1, 0)))
        self._id = session.fixed(16)
        self._next = 1
        if again:
            self.recoveries += 1
            try:
                self.reclaim()
            except Refused as refused:
                if refused.status in (*FORGOTTEN, GRACE, DELAY):
                    raise
                raise Lost(f"what was held is lost: {refused}") from refused
        self._sequence([(58, u32(0))])

    def _compound(self, *operations) -> list[Reader]:
        body = opaque(b"") + u32(1, len(operations))
        body += b"".join(u32(number) + arguments for number, arguments in operations)
        answer = Reader(self._ask(body))
        answer.u32()
        answer.opaque()
        answer.u32()
        results = []
        for number, _ in operations:
            answer.u32()
            status = answer.u32()
            if number == 53 and status == 0:
                answer.fixed(36)
                self._next += 1
            if status != 0:
                raise Refused(number, status)
            results.append(self._result(number, answer))
        return results

    @staticmethod
    def _result(number: int, answer: Reader) -> Reader:
        """What is of interest of a result, read as far as the next one begins."""
        if number == 18:
            stateid = answer.fixed(16)
            answer.fixed(24)
            answer.fixed(4 * answer.u32())
            assert answer.u32() == 0, "a delegation"
            return Reader(stateid)
        if number in (10, 25):
            answer.fixed(4 if number == 25 else 0)
            return Reader(opaque(answer.opaque()))
        if number in (22, 24, 15, 53, 58):
            return Reader(b"")
        # The others stand last.
        return answer

    def _ask(self, body: bytes) -> bytes:
        """RFC 5531: a call of NFS 4, COMPOUND, as some user without further groups."""
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=5)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._xid += 1
        user = opaque(u32(0) + opaque(b"test") + u32(1234, 1234, 0))
        call = u32(self._xid, 0, 2, 100003, 4, 1, 1) + user + u32(0, 0) + body
        self._socket.sendall(u32(0x80000000 | len(call)) + call)
        reply = Reader(self._receive(int.from_bytes(self._receive(4), "big") & 0x7FFFFFFF))
        if reply.u32() != self._xid:
            raise OSError("the answer to something else")
        _, denied = reply.u32(), reply.u32()
        if denied:
            raise PermissionError("the server does not speak to this client")
        reply.u32()
        reply.opaque()
        if reply.u32() != 0:
            raise OSError("no answer of NFS")
        return reply.fixed(1 << 20)

    def _receive(self, length: int) -> bytes:
        parts = b""
        while len(parts) < length:
            part = self._socket.recv(length - len(parts))
            if part == b"":
                raise ConnectionResetError("the server hung up")
            parts += part
        return parts

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
