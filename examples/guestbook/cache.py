"""A cache in memcached that may be gone at any time: that costs hits, never requests."""

import json
import logging
import secrets
import time

from pymemcache.client.base import PooledClient
from pymemcache.client.rendezvous import RendezvousHash
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

    Each key belongs to one server, on all nodes alike. When that server is down its keys go to the others, and no other
    key moves. A value that is dropped is dropped on all servers: nodes need not agree which of them are down.
    """

    def __init__(self, servers, prefix=""):
        self._prefix = prefix
        self._clients = {server: self._connect(server) for server in servers}
        self._paused_until = {}

    def get(self, key, compute, seconds=60):
        """
        The value of `key`, computed if need be, and where it came from: "hit", "miss", "off" (no server is configured)
        or "unavailable". `seconds` bounds how long a value can be stale if forget() could not reach the server.
        """
        if not self._clients:
            return compute(), "off"
        name = self._prefix + key
        server = RendezvousHash(self._living()).get_node(name)
        if server is None:
            return compute(), "unavailable"
        client = self._clients[server]
        try:
            stored = client.get(name)
            if stored and not stored.startswith(b"lease"):
                return json.loads(stored), "hit"
            ticket = self._lease(client, name)
        except Trouble as trouble:
            self._pause(server, trouble)
            return compute(), "unavailable"
        value = compute()
        if ticket:
            try:
                # Stored only if forget() did not come in between: the value would already be an old one.
                client.cas(name, json.dumps(value), ticket, expire=seconds, noreply=False)
            except Trouble as trouble:
                self._pause(server, trouble)
        return value, "miss"

    def forget(self, key):
        """Drop the value of `key`. Call it after the commit, or the old value may be computed and stored again."""
        for server in self._living():
            try:
                self._clients[server].delete(self._prefix + key, noreply=False)
            except Trouble:
                # It may just have been an old connection, so once more with a new one.
                self._clients[server] = self._connect(server)
                try:
                    self._clients[server].delete(self._prefix + key, noreply=False)
                except Trouble as trouble:
                    self._pause(server, trouble)

    @staticmethod
    def _connect(server):
        return PooledClient(server, connect_timeout=TIMEOUT, timeout=TIMEOUT, no_delay=True, max_pool_size=16)

    def _living(self):
        now = time.monotonic()
        return [server for server in self._clients if now >= self._paused_until.get(server, 0)]

    def _lease(self, client, name):
        """The right to store a missing value, as memcached's "cas" number; None if another process has it."""
        mine = b"lease" + secrets.token_hex(8).encode()
        client.add(name, mine, expire=LEASE, noreply=False)
        stored, ticket = client.gets(name)
        return ticket if stored == mine else None

    def _pause(self, server, trouble):
        logger.warning("memcached at %s: %s", server, trouble)
        # Its connections are worth nothing any more.
        self._clients[server] = self._connect(server)
        self._paused_until[server] = time.monotonic() + PAUSE
