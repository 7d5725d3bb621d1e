"""
Sessions of web2py in memcached, in the place of a database.

Recipe 19 has them in `MEMDB(cache.memcache)`, which Python 3 cannot import. web2py asks very little of the database that
it hands sessions to: a table that finds, inserts, updates and deletes one row by its id.

As with rows, a request writes a session only if it changed it, and of two at the same time the later one stays.
"""

import secrets

from gluon.globals import current
from gluon.storage import Storage

from slipway_node.memcached import Instances, expiry, name_of

#: Seconds, where the stack does not say: as long as web2py's "remember me".
FORGOTTEN_AFTER = 30 * 24 * 3600


class SessionDatabase:
    """What session.connect(request, response, db=...) takes for a database."""

    def __init__(self, instances: Instances, forgotten_after: float | None = None):
        self.instances, self.forgotten_after = instances, forgotten_after or FORGOTTEN_AFTER

    Field = Storage

    @property
    def expiry(self) -> int:
        return expiry(self.forgotten_after)

    def get(self, table: str, default=None):
        return SessionTable(self, table)

    def __call__(self, query):
        return query


class SessionTable:
    """The sessions of one application, or of several that share them."""

    def __init__(self, db: SessionDatabase, name: str):
        self._db, self._prefix, self.id = db, f"{name}/session", Id(self)

    def __call__(self, record_id, unique_key=None):
        row = self.read(record_id)
        if row is None or unique_key is None:
            return row
        return row if secrets.compare_digest(row.unique_key.encode(), unique_key.encode()) else None

    def insert(self, **row) -> int:
        # Whoever has the number also needs the key, and whoever guesses one has neither.
        record_id = secrets.randbits(62) + 1
        # Robots and visitors who never come back must not push out those who signed in.
        if not (current.response.session_new and current.session._unchanged(current.response)):
            self.write(record_id, row)
        return record_id

    def read(self, record_id) -> Storage | None:
        row = self._db.instances.call("get", self._name(record_id))
        if row is None:
            return None
        # In use: the time without a visit begins again. Nobody waits for the answer.
        self._db.instances.call("touch", self._name(record_id), self._db.expiry, noreply=True)
        return Storage(row)

    def write(self, record_id, row: dict, command="set") -> bool:
        return bool(self._db.instances.call(command, self._name(record_id), dict(row), self._db.expiry))

    def delete(self, record_id) -> None:
        self._db.instances.forget(self._name(record_id))

    def _name(self, record_id) -> str:
        return name_of(self._prefix, record_id)


class Id:
    """The column that web2py compares: `db(table.id == 1)`."""

    def __init__(self, table: SessionTable):
        self.table = table

    def __eq__(self, record_id):
        return Row(self.table, record_id)

    __hash__ = None


class Row:
    """The one row that the comparison is true of."""

    def __init__(self, table: SessionTable, record_id):
        self.table, self.record_id = table, record_id

    def update(self, **changes) -> int:
        row = self.table.read(self.record_id)
        # Not `set`: who signed out meanwhile stays signed out.
        return int(row is not None and self.table.write(self.record_id, {**row, **changes}, "replace"))

    def delete(self) -> int:
        self.table.delete(self.record_id)
        return 1
