"""
Migration of an application's database, by one node at a time.

pydal compares each table with a `.table` file of the run before. Nodes come and go, so these files are kept in the
database that they describe. An advisory lock makes nodes that start together take turns; whoever comes second finds
nothing left to do. Serving processes never migrate.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2

from slipway_node import rehearse

#: Any number, as long as nothing else in this database locks it.
LOCK = 731_905_114
#: Digest of the application's code: the nodes of an edge that has it inside are of another image.
RELEASE = Path("/opt/slipway/release")
#: What stands in place of an application in the row of a release that has migrated.
MIGRATED = "/release"
# With its schema: PostgreSQL prefers one that has the name of the role, and an application may make it.
CREATE = """
CREATE TABLE IF NOT EXISTS public.slipway_table_metadata (
    application text NOT NULL, file text NOT NULL, content bytea NOT NULL, PRIMARY KEY (application, file))
"""


class Failed(Exception):
    """The application could not be imported, or does not work on its database."""


def run(module: str, applications: list[str]) -> None:
    """
    Migrates the database to what the models of the applications say. The module runs them, for the application
    that is its argument.
    """
    url = Path(os.environ["SLIPWAY_DATABASE_URL_FILE"]).read_text().strip()
    prefix = _uri_prefix(url)
    connection = psycopg2.connect(url, connect_timeout=10)
    try:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        cursor.execute(CREATE)
        for application in applications:
            with tempfile.TemporaryDirectory(prefix="migrate-") as folder:
                _restore(cursor, application, Path(folder), prefix)
                try:
                    _migrate(module, application, folder)
                finally:
                    # Also after a failure: pydal commits table by table, and the next run must know how far it came.
                    _keep(cursor, application, Path(folder), prefix)
        cursor.execute(
            "INSERT INTO public.slipway_table_metadata VALUES (%s, %s, '') ON CONFLICT DO NOTHING",
            (MIGRATED, RELEASE.read_text().strip()),
        )
    finally:
        connection.close()


def wait_for(nodes: str, patience: float) -> None:
    """Returns when the nodes of this release have migrated the database; raises Failed after so many seconds."""
    deadline = time.monotonic() + patience
    said = False
    while not _is_migrated():
        if time.monotonic() > deadline:
            raise Failed(f"the nodes of {nodes} have not migrated the database to this release")
        if not said:
            print(f"slipway: waiting for {nodes} to migrate the database", flush=True)
            said = True
        time.sleep(0.5)


def _is_migrated() -> bool:
    connection = psycopg2.connect(Path(os.environ["SLIPWAY_DATABASE_URL_FILE"]).read_text().strip(), connect_timeout=10)
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT to_regclass('public.slipway_table_metadata')")
        if cursor.fetchone() == (None,):
            return False
        cursor.execute(
            "SELECT FROM public.slipway_table_metadata WHERE application = %s AND file = %s",
            (MIGRATED, RELEASE.read_text().strip()),
        )
        return cursor.rowcount == 1
    finally:
        connection.close()


def _uri_prefix(url: str) -> str:
    """
    What pydal puts before the name of a `.table` file where the application names no `table_hash`: a digest of the URI,
    password included. It is left out of what is kept, or a new password would look like an empty database.
    """
    uri = url.replace("postgresql://", "postgres://", 1)
    return hashlib.md5(uri.encode(), usedforsecurity=False).hexdigest() + "_"


def _restore(cursor, application: str, folder: Path, prefix: str) -> None:
    cursor.execute("SELECT file, content FROM public.slipway_table_metadata WHERE application = %s", (application,))
    for name, content in cursor.fetchall():
        (folder / (prefix + name[1:] if name.startswith("@") else name)).write_bytes(bytes(content))


def _migrate(module: str, application: str, folder: str) -> None:
    # A process of its own: what an import leaves behind must not reach the server.
    environment = {**os.environ, "SLIPWAY_MIGRATE": "1", "SLIPWAY_DB_FOLDER": folder}
    command = [sys.executable, "-m", module, application]
    result = subprocess.run(command, env=environment, check=False, timeout=rehearse.LIMIT)
    if result.returncode != 0:
        raise Failed(f"{application} failed while it was migrated; its message stands above")


def _keep(cursor, application: str, folder: Path, prefix: str) -> None:
    for file in sorted(folder.glob("*.table")):
        name = "@" + file.name.removeprefix(prefix) if file.name.startswith(prefix) else file.name
        cursor.execute(
            "INSERT INTO public.slipway_table_metadata VALUES (%s, %s, %s)"
            " ON CONFLICT (application, file) DO UPDATE SET content = excluded.content",
            (application, name, file.read_bytes()),
        )
