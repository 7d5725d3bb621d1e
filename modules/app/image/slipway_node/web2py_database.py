"""The database of web2py applications: its address, who may migrate, and sessions as rows."""

import functools
import inspect
import os

from slipway_node import web2py_session_use
from slipway_node.web2py_settings import MIGRATING, SETTINGS, UPLOADS

#: What applications open that were made from the scaffold and never configured.
SCAFFOLD = "sqlite://storage.sqlite"


def install() -> None:
    uri = SETTINGS.database_uri
    if uri is None:
        return
    _configure(uri)
    _open(uri)


def _configure(uri: str) -> None:
    """For applications that read private/appconfig.ini or .json."""
    from gluon.contrib.appconfig import AppConfigLoader

    read_config = AppConfigLoader.read_config

    @functools.wraps(read_config)
    def read(self):
        settings = read_config(self)
        db = {"uri": uri, "pool_size": SETTINGS.poolSize, "migrate": MIGRATING}
        # An .ini file has nothing but texts, and AppConfigDict.get strips them.
        texts = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in db.items()}
        settings["db"] = {**settings.get("db", {}), **texts} if self.ctype == "ini" else {**settings.get("db", {}), **db}
        return settings

    AppConfigLoader.read_config = read


def _open(uri: str) -> None:
    """For every application: whatever it says, serving processes do not migrate and connections are pooled."""
    from pydal import DAL

    names = list(inspect.signature(DAL.__init__).parameters)[2:]
    meta = type(DAL)
    create = meta.__call__

    @functools.wraps(create)
    def call(cls, address="sqlite://dummy.db", *args, **options):
        address = options.pop("uri", address)
        if address not in (uri, SCAFFOLD):
            return create(cls, address, *args, **options)
        application = _application()
        options = {**dict(zip(names, args)), **options, **_policy()}
        options["driver_args"] = {
            **(options.get("driver_args") or {}),
            "connect_timeout": 5,
            # Two applications may both have a table auth_user: see slipway_node.web2py_migrate.
            "options": f'-c search_path="{application}",public',
        }
        # pydal keeps one pool for each address, and ignores an argument that it does not know.
        db = create(cls, f"{uri}{'&' if '?' in uri else '?'}application={application}", **options)
        if UPLOADS == "database":
            # For each upload field that names no place itself, pydal adds a blob named like it (pydal/objects.py).
            db._adapter.uploads_in_blob = True
        _connect_session(db)
        return db

    meta.__call__ = call


def _application() -> str:
    from gluon.globals import current

    return current.request.application


def _policy() -> dict:
    if not MIGRATING:
        return {"pool_size": SETTINGS.poolSize, "migrate_enabled": False}
    return {
        "pool_size": 0,
        "migrate_enabled": True,
        "migrate": True,
        "lazy_tables": False,
        "folder": os.environ["SLIPWAY_DB_FOLDER"],
        # The names of the .table files must not change with the password.
        "table_hash": "slipway",
    }


def _connect_session(db) -> None:
    """What a developer writes on the line after DAL(...), on the connection that the application has anyway."""
    from gluon.globals import current

    request, response, session = current.request, current.response, current.session
    if (
        SETTINGS.sessions == "database"
        and request.application != "admin"
        and not request.env.web2py_disable_session
        and response.session_storage_type != "db"
    ):
        session.connect(request, response, db=db)
        web2py_session_use.mark_row(request, response)
