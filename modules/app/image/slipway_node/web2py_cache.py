"""`cache.ram` and `cache.disk` of web2py on memcached, so that all nodes share what one of them has computed."""

import functools
import hashlib
import logging
import pickle
import sys
import time
import types
import uuid

logger = logging.getLogger("slipway.cache")

#: Seconds that a request waits for a server that does not answer.
TIMEOUT = 0.5
#: Tries of an increment that meets others.
TRIES = 10


def install(servers: list[str]) -> None:
    from gluon.cache import Cache
    from pymemcache.client.hash import HashClient

    client = HashClient(
        servers,
        connect_timeout=TIMEOUT,
        timeout=TIMEOUT,
        no_delay=True,
        use_pooling=True,
        # A server that is down costs its keys, not the requests.
        ignore_exc=True,
        retry_attempts=1,
        dead_timeout=5,
    )
    create = Cache.__init__

    @functools.wraps(create)
    def init(self, request):
        create(self, request)
        self.ram = SharedCache(client, f"{request.application}/ram", self.ram)
        self.disk = SharedCache(client, f"{request.application}/disk", self.disk)

    Cache.__init__ = init

    # The module of this name in web2py cannot be imported by Python 3. The servers are the platform's.
    module = types.ModuleType("gluon.contrib.memcache")
    module.MemcacheClient = lambda request, *_, **__: SharedCache(client, f"{request.application}/memcache", None)
    sys.modules[module.__name__] = module


class SharedCache:
    """
    The interface of gluon.cache.CacheInRam. Values are pickled: each reader gets a copy of its own. Memcached lists no
    keys, so clearing by an expression clears everything.
    """

    #: What cannot be pickled, such as a connection, stays with this process.
    unshared: dict = {}

    def __init__(self, client, prefix: str, local=None):
        self.client, self.prefix, self.local = client, prefix, local

    def __getattr__(self, name):
        # What appadmin shows of a cache is that of the process.
        return getattr(self.local, name)

    def __call__(self, key, f, time_expire=300, destroyer=None):
        name = self._name(key)
        if f is None:
            self.unshared.pop(name, None)
            self._try(self.client.delete, name)
            return None
        found = self._try(self.client.get_many, [self._generation, name]) or {}
        generation = found.get(self._generation)
        item = self._unpack(generation, found.get(name)) or self.unshared.get(name)
        if item and (time_expire is None or item[0] > time.time() - time_expire):
            return item[1]
        value = f()
        now = time.time()
        try:
            content = pickle.dumps((generation, now, value), pickle.HIGHEST_PROTOCOL)
        except Exception:  # pickle raises whatever the object's class does.
            self.unshared[name] = (now, value)
        else:
            self._try(self.client.set, name, content)
        return value

    def increment(self, key, value=1):
        name = self._name(key)
        generation = self._try(self.client.get, self._generation)
        total = value
        for _ in range(TRIES):
            content, token = self._try(self.client.gets, name) or (None, None)
            item = self._unpack(generation, content)
            total = item[1] + value if item else value
            packed = pickle.dumps((generation, time.time(), total))
            stored = (
                self._try(self.client.add, name, packed, noreply=False)
                if content is None
                else self._try(self.client.cas, name, packed, token, noreply=False)
            )
            if stored:
                break
        return total

    def clear(self, regex=None):
        self._try(self.client.set, self._generation, uuid.uuid4().bytes)
        for name in [name for name in list(self.unshared) if name.startswith(f"{self.prefix}/")]:
            self.unshared.pop(name, None)

    @property
    def _generation(self) -> str:
        return f"{self.prefix}/generation"

    def _name(self, key) -> str:
        # A key of memcached is short and has no spaces.
        return f"{self.prefix}/{hashlib.sha256(str(key).encode()).hexdigest()}"

    @staticmethod
    def _unpack(generation, content):
        """(time, value), if it is of this generation and of classes that this release has."""
        try:
            of, when, value = pickle.loads(content)
        except Exception:
            return None
        return (when, value) if of == generation else None

    def _try(self, command, *args, **options):
        """A cache that fails is an empty one."""
        try:
            return command(*args, **options)
        except Exception as error:
            logger.warning("memcached: %s", error)
            return None
