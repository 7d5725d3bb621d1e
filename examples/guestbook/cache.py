"""A cache in memcached that may be gone at any time: that costs hits, never requests."""

import json
import logging
import secrets
import time
import zlib

from pymemcache.client.base import PooledClient
from pymemcache.exceptions import MemcacheError

logger = logging.getLogger("guestbook")

# Seconds that a lost server is left alone, so that not every request waits for it.
PAUSE = 2
# Seconds one operation may take.
TIMEOUT = 0.3
# Seconds a process may take to compute a value before another one may try.
LEASE = 10

# MemcacheError is an answer nobody expected; OSError is everything between us and the server.
Trouble = (OSError, MemcacheError)


class Cache:
    """
    Values by key in the given memcached servers ("host:port").

    Each key belongs to exactly one server, on all nodes alike. When that server is down its keys are computed on each
    request; they do not move to another server, as then a node that still sees the first one would delete the value
    there and leave a stale one here.
    """

    def __init__(self, servers, prefix=""):
        self._prefix = prefix
        self._clients = [
            PooledClient(server, connect_timeout=TIMEOUT, timeout=TIMEOUT, no_delay=True, max_pool_size=16)
            for server in servers
        ]
        self._paused_until = {}

    def get(self, key, compute, seconds=60):
        """
        The value of `key`, computed if need be, and where it came from: "hit", "miss", "off" (no server is configured)
        or "unavailable". `seconds` bounds how long a value can be stale if forget() could not reach the server.
        """
        if not self._clients:
            return compute(), "off"
        client, name = self._client_and_name(key)
        if time.monotonic() < self._paused_until.get(client, 0):
            return compute(), "unavailable"
        try:
            stored = client.get(name)
            if stored and not stored.startswith(b"lease"):
                return json.loads(stored), "hit"
            ticket = self._lease(client, name)
        except Trouble as trouble:
            self._pause(client, trouble)
            return compute(), "unavailable"
        value = compute()
        if ticket:
            try:
                # Stored only if forget() did not come in between: the value would already be an old one.
                client.cas(name, json.dumps(value), ticket, expire=seconds, noreply=False)
            except Trouble as trouble:
                self._pause(client, trouble)
        return value, "miss"

    def forget(self, key):
        """Drop the value of `key`. Call it after the commit, or the old value may be computed and stored again."""
        if not self._clients:
            return
        client, name = self._client_and_name(key)
        try:
            client.delete(name, noreply=False)
        except Trouble:
            # The client has dropped the connection that failed. It may just have been an old one, so once more.
            try:
                client.delete(name, noreply=False)
            except Trouble as trouble:
                self._pause(client, trouble)

    def _client_and_name(self, key):
        name = self._prefix + key
        return self._clients[zlib.crc32(name.encode()) % len(self._clients)], name

    def _lease(self, client, name):
        """The right to store a missing value, as memcached's "cas" number; None if another process has it."""
        mine = b"lease" + secrets.token_hex(8).encode()
        client.add(name, mine, expire=LEASE, noreply=False)
        stored, ticket = client.gets(name)
        return ticket if stored == mine else None

    def _pause(self, client, trouble):
        logger.warning("memcached at %s: %s", client.server, trouble)
        self._paused_until[client] = time.monotonic() + PAUSE
