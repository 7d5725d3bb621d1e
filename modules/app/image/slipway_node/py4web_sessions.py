"""
Sessions of py4web in memcached.

The scaffold does `import memcache`, which is python-memcached. That one refuses a session that never expires, which is
what the scaffold asks for, so this module stands in its place.
"""

import functools
import os
import sys
import types

from slipway_node.memcached import Instances, expiry, name_of


class Client:
    """`memcache.Client`, as far as it does not look into other applications' items."""

    def __init__(self, servers, *_, **__):
        self._instances = Instances(servers)

    def get(self, key, default=None):
        value = self._instances.call("get", self._name(key))
        return default if value is None else value

    def set(self, key, value, time=None, *_, **__):
        return bool(self._instances.call("set", self._name(key), value, expiry(time or 0)))

    def add(self, key, value, time=None, *_, **__):
        return bool(self._instances.call("add", self._name(key), value, expiry(time or 0)))

    def replace(self, key, value, time=None, *_, **__):
        return bool(self._instances.call("replace", self._name(key), value, expiry(time or 0)))

    def delete(self, key, *_, **__):
        self._instances.forget(self._name(key))
        return True

    def incr(self, key, delta=1):
        return self._instances.call("incr", self._name(key), delta)

    def decr(self, key, delta=1):
        return self._instances.call("decr", self._name(key), delta)

    def get_multi(self, keys, key_prefix=""):
        found = {key: self.get(f"{key_prefix}{key}") for key in keys}
        return {key: value for key, value in found.items() if value is not None}

    def set_multi(self, mapping, time=None, key_prefix="", *_, **__):
        return [key for key, value in mapping.items() if not self.set(f"{key_prefix}{key}", value, time)]

    @staticmethod
    def _name(key) -> str:
        return name_of(f"{os.environ['SLIPWAY_APPLICATION']}/memcache", key)


class SessionStore:
    """
    Where a Session has what it knows. Names of their own keep a visitor, who chooses the key by a cookie, out of what
    the application caches.
    """

    def __init__(self, instances: Instances, forgotten_after: float):
        self._instances, self._forgotten_after = instances, forgotten_after

    def get(self, key):
        return self._instances.call("get", self._name(key))

    def set(self, key, value, expiration=None):
        """The expiration is the Session's own, which it counts from the last change as memcached does."""
        return self._instances.call("set", self._name(key), value, expiry(expiration or self._forgotten_after))

    def delete(self, key):
        self._instances.forget(self._name(key))

    @staticmethod
    def _name(key) -> str:
        return name_of(f"{os.environ['SLIPWAY_APPLICATION']}/session", key)


def install(forgotten_after: float) -> None:
    """Before applications are imported. Seconds after which a session that has no expiration is forgotten."""
    from py4web.core import Session

    module = types.ModuleType("memcache")
    module.Client = Client
    sys.modules["memcache"] = module
    create = Session.__init__

    @functools.wraps(create)
    def init(self, secret=None, expiration=None, algorithm="HS256", storage=None, **options):
        if isinstance(storage, Client):
            storage = SessionStore(storage._instances, forgotten_after)
        create(self, secret, expiration, algorithm, storage, **options)

    Session.__init__ = init
