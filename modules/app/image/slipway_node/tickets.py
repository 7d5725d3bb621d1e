"""Tickets as files of the shared folder, and what a file of each framework says."""

import datetime
import hashlib
import json
import pickle
from pathlib import Path
from typing import Any, NamedTuple


TIMES = {f"datetime.{each.__name__}": each for each in (datetime.date, datetime.datetime, datetime.time, datetime.timedelta)}


class Ticket(NamedTuple):
    id: str
    #: Of the application that raised it.
    application: str
    traceback: str
    #: Columns of the row beside `application` and those that count, by their names.
    columns: dict[str, Any]

    @property
    def digest(self) -> str:
        """The same for the same error, whoever met it and when."""
        return hashlib.sha256(self.traceback.encode()).hexdigest()


class Unreadable(Exception):
    """The file is no ticket, or not a whole one yet."""


def web2py(file: Path, application: str) -> Ticket:
    """A pickle below the folder of the application; the row is one of gluon.restricted.TicketStorage."""
    try:
        with file.open("rb") as stream:
            content = _Unpickler(stream).load()
        traceback = str(content["traceback"])
    except Exception as error:  # pickle raises whatever it meets.
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    # PostgreSQL has no text with a zero byte, which every protocol but the first one writes; web2py reads this one.
    data = pickle.dumps(_plain(content), protocol=0).decode("latin-1")
    written = datetime.datetime.fromtimestamp(file.stat().st_mtime, datetime.UTC).replace(tzinfo=None)
    return Ticket(
        file.name,
        application,
        traceback,
        {"ticket_id": file.name, "ticket_data": data, "created_datetime": written},
    )


def py4web(file: Path, application: str) -> Ticket:
    """The JSON that slipway_node.py4web_tickets wrote; the row is one of py4web.core.DatabaseErrorLogger."""
    try:
        content = json.loads(file.read_text())
        snapshot = content["snapshot"]
        traceback = str(snapshot.get("traceback") or content["error"])
    except Exception as error:  # Somebody else's file may be anything.
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    names = ("uuid", "app_name", "method", "path", "timestamp", "client_ip", "error")
    columns = {name: content[name] for name in names}
    columns["snapshot"] = json.dumps(_plain(snapshot))
    return Ticket(content["uuid"], application, traceback, columns)


class _Opaque:
    """An object of a class that is not loaded, because a ticket must not run code: what it was made of is kept."""

    parts: tuple = ()

    def __init__(self, *arguments):
        self.parts = arguments

    def __setstate__(self, state):
        self.parts += (state,)

    def __setitem__(self, key, value):
        self.parts += (f"{key}: {value}",)

    def append(self, value):
        self.parts += (value,)

    def __str__(self):
        return " ".join(part.decode(errors="replace") if isinstance(part, bytes) else str(part) for part in self.parts)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        return TIMES.get(f"{module}.{name}", _Opaque)


def _plain(value: Any) -> Any:
    """In texts and numbers alone, which web2py reads without asking what they are, and without a zero byte."""
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value).replace("\0", "")
