"""`cache.ram` and `cache.disk` of web2py on memcached, so that all nodes share what one of them has computed."""

import functools
import pickle
import sys
import time
import types
import uuid

from slipway_node.memcached import Instances, expiry, name_of
from slipway_node.web2py_sessions import SessionDatabase
from slipway_node.web2py_settings import SETTINGS

#: Tries of an increment that meets others.
TRIES = 10


def install(servers: list[str]) -> None:
    """Servers of the stack; without any, the caches stay what they are, and recipes have those that they name."""
    _stand_in(servers)
    if servers:
        _share(Instances(servers))


def _stand_in(servers: list[str]) -> None:
    """The modules of these names in web2py cannot be imported by Python 3."""
    connect = functools.cache(lambda *named: Instances(named))
    memcache = types.ModuleType("gluon.contrib.memcache")
    memcache.MemcacheClient = lambda request, named=(), *_, **__: MemcacheClient(
        connect(*(servers or named)), f"{request.application}/memcache"
    )
    memdb = types.ModuleType("gluon.contrib.memdb")
    memdb.MEMDB = lambda client: SessionDatabase(client.instances, SETTINGS.sessionExpire)
    for module in (memcache, memdb):
        sys.modules[module.__name__] = module


def _share(instances: Instances) -> None:
    from gluon.cache import Cache

    create = Cache.__init__

    @functools.wraps(create)
    def init(self, request):
        create(self, request)
        self.ram = SharedCache(instances, f"{request.application}/ram", self.ram)
        self.disk = SharedCache(instances, f"{request.application}/disk", self.disk)

    Cache.__init__ = init


class SharedCache:
    """
    The interface of gluon.cache.CacheInRam. Values are pickled: each reader gets a copy of its own. Memcached lists no
    keys, so clearing by an expression clears everything.
    """

    #: What cannot be pickled, such as a connection, stays with this process.
    unshared: dict = {}

    def __init__(self, instances: Instances, prefix: str, local=None):
        self.instances, self.prefix, self.local = instances, prefix, local

    def __getattr__(self, name):
        # What appadmin shows of a cache is that of the process.
        return getattr(self.local, name)

    def __call__(self, key, f, time_expire=300, destroyer=None):
        name = self._name(key)
        if f is None:
            self.delete(key)
            return None
        generation = self._generation()
        item = self._unpack(generation, self.instances.call("get", name)) or self.unshared.get(name)
        if item and (time_expire is None or item[0] > time.time() - time_expire):
            return item[1]
        value = f()
        self._store(name, generation, value)
        return value

    def delete(self, key) -> None:
        name = self._name(key)
        self.unshared.pop(name, None)
        self.instances.forget(name)

    def increment(self, key, value=1):
        name = self._name(key)
        generation = self._generation()
        total = value
        for _ in range(TRIES):
            content, token = self.instances.call("gets", name) or (None, None)
            item = self._unpack(generation, content)
            total = item[1] + value if item else value
            packed = pickle.dumps((generation, time.time(), total))
            stored = (
                self.instances.call("add", name, packed)
                if content is None
                else self.instances.call("cas", name, packed, token)
            )
            if stored:
                break
        return total

    def clear(self, regex=None):
        self.instances.call("set", self._generation_name, uuid.uuid4().bytes)
        for name in [name for name in list(self.unshared) if name.startswith(f"{self.prefix}/")]:
            self.unshared.pop(name, None)

    @property
    def _generation_name(self) -> str:
        return f"{self.prefix}/generation"

    def _generation(self) -> bytes | None:
        """
        What the values carry that are not cleared. It is lost with its instance; the next one is another, or values that
        were cleared before would be valid again.
        """
        name = self._generation_name
        found = self.instances.call("get", name)
        if found is None and self.instances.call("add", name, uuid.uuid4().bytes):
            found = self.instances.call("get", name)
        return found

    def _name(self, key) -> str:
        return name_of(self.prefix, key)

    def _store(self, name: str, generation, value, seconds: int = 0) -> None:
        now = time.time()
        try:
            content = pickle.dumps((generation, now, value), pickle.HIGHEST_PROTOCOL)
        except Exception:  # pickle raises whatever the object's class does.
            self.unshared[name] = (now, value)
        else:
            self.instances.call("set", name, content, seconds)

    @staticmethod
    def _unpack(generation, content):
        """(time, value), if it is of this generation and of classes that this release has."""
        try:
            of, when, value = pickle.loads(content)
        except Exception:
            return None
        return (when, value) if of == generation else None


class MemcacheClient(SharedCache):
    """The interface of web2py's own client: a cache that is called, and a store of values by key."""

    def get(self, key):
        item = self._unpack(self._generation(), self.instances.call("get", self._name(key)))
        return item and item[1]

    def set(self, key, value, time_expire=300):
        self._store(self._name(key), self._generation(), value, expiry(time_expire or 0))
        return True

    incr = SharedCache.increment

    def decr(self, key, value=1):
        return self.increment(key, -value)
