"""
The memcached instances of a stack as one store.

Each key belongs to one instance by rendezvous hashing: when one is lost its keys go to the others, and no other key moves.
pymemcache's own HashClient hashes alike, but threads that share it trip over its notes about servers that are down.
"""

import hashlib
import logging
import math
import time

from pymemcache.client.base import PooledClient
from pymemcache.client.rendezvous import RendezvousHash
from pymemcache.exceptions import MemcacheUnexpectedCloseError
from pymemcache.serde import pickle_serde

logger = logging.getLogger("slipway.memcached")

#: Seconds that a request waits for an instance that does not answer; once, then the instance is left alone.
TIMEOUT = 0.5
#: Seconds after which one request finds out whether it is back.
PAUSE = 5.0
#: memcached takes larger numbers for a date.
LONGEST_RELATIVE = 30 * 24 * 3600

Gone = (OSError, MemcacheUnexpectedCloseError)


def name_of(prefix: str, key) -> str:
    """A key that memcached takes, whatever the application or a visitor calls it."""
    data = key if isinstance(key, bytes) else str(key).encode()
    return f"{prefix}/{hashlib.sha256(data).hexdigest()}"


def expiry(seconds: float) -> int:
    """The seconds from now as memcached wants them."""
    return math.ceil(seconds if seconds <= LONGEST_RELATIVE else time.time() + seconds)


class Instances:
    """Threads may share it; connections are kept, and opened when they are first needed."""

    def __init__(self, servers):
        self._clients = {server: _connect(server) for server in servers}
        self._down_until = {}

    def call(self, command: str, key: str, *args, **options):
        """What memcached answers; None when no instance does, which for a cache is a miss."""
        for _ in self._clients:
            server = self._server_of(key)
            if server is None:
                break
            try:
                answer = self._ask(server, command, key, *args, **options)
                self._down_until.pop(server, None)
                return answer
            except Gone as error:
                logger.warning("memcached at %s: %s", server, error)
                self._down_until[server] = time.monotonic() + PAUSE
            # An item that is too large, or of a class that this release does not have.
            except Exception as error:
                logger.warning("memcached at %s: %s", server, error)
                break
        return None

    def forget(self, key: str) -> None:
        """Deletes it wherever it may be: an instance can have it from when another one was away."""
        now = time.monotonic()
        for server in [server for server in self._clients if self._down_until.get(server, 0) <= now]:
            try:
                self._ask(server, "delete", key)
            except Gone as error:
                logger.warning("memcached at %s: %s", server, error)
                self._down_until[server] = time.monotonic() + PAUSE

    def _server_of(self, key: str):
        now = time.monotonic()
        living = [server for server in self._clients if self._down_until.get(server, 0) <= now]
        server = RendezvousHash(living).get_node(key)
        if server in self._down_until:
            # This request finds out; the others go on without it meanwhile.
            self._down_until[server] = now + PAUSE
        return server

    def _ask(self, server: str, command: str, key: str, *args, **options):
        try:
            return getattr(self._clients[server], command)(key, *args, **options)
        except Gone:
            # The connection may be one from before the instance started anew, and so may all others be.
            self._clients[server] = _connect(server)
            return getattr(self._clients[server], command)(key, *args, **options)


def _connect(server: str) -> PooledClient:
    return PooledClient(
        server,
        serde=pickle_serde,
        connect_timeout=TIMEOUT,
        timeout=TIMEOUT,
        no_delay=True,
        default_noreply=False,
    )
