"""
Removes the sessions that nobody used for so long (recipe 15):

    python -m slipway_node.expire_sessions {web2py,py4web,wsgi} {files,database} SECONDS

The time of a file or a row is that of its last use (slipway_node.web2py_session_use). One in use is never removed: a row is
looked at again by the database, and a file under its lock (slipway_node.session_files).
"""

import argparse
import os
from pathlib import Path

import psycopg2
from psycopg2 import sql

from slipway_node import session_files

FOLDER = Path("/srv/shared/sessions")

#: py4web writes when a session ends, and puts that off by its lifetime whenever it is read or written. One without a
#: lifetime does not tell when it was used, and stays.
PY4WEB = """
DELETE FROM py4web_session
 WHERE expires_on < timezone('UTC', now())
    OR expiration > 0 AND expires_on - make_interval(secs => expiration) < timezone('UTC', now()) - make_interval(secs => %s)
"""
#: By the clock of the nodes, which is that of UTC.
WEB2PY = "DELETE FROM {} WHERE modified_datetime < timezone('UTC', now()) - make_interval(secs => %s)"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m slipway_node.expire_sessions")
    parser.add_argument("kind", choices=["web2py", "py4web", "wsgi"])
    parser.add_argument("place", choices=["files", "database"])
    parser.add_argument("seconds", type=float)
    arguments = parser.parse_args()
    if arguments.place == "files":
        removed, kept = session_files.expire(FOLDER, arguments.seconds)
    else:
        removed, kept = _expire_rows(arguments.kind, arguments.seconds)
    print(f"{removed} sessions expired, {kept} stay")


def _expire_rows(kind: str, seconds: float) -> tuple[int, int]:
    url = Path(os.environ["SLIPWAY_DATABASE_URL_FILE"]).read_text().strip()
    connection = psycopg2.connect(url, connect_timeout=10)
    try:
        with connection, connection.cursor() as cursor:
            removed = kept = 0
            for schema, table in _tables(cursor, kind):
                name = sql.Identifier(schema, table)
                cursor.execute(sql.SQL(WEB2PY if kind == "web2py" else PY4WEB).format(name), (seconds,))
                removed += cursor.rowcount
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(name))
                kept += cursor.fetchone()[0]
            return removed, kept
    finally:
        connection.close()


def _tables(cursor, kind: str) -> list[tuple[str, str]]:
    """Of web2py one for each application, which may have a schema of its own (slipway_node.web2py_migrate)."""
    cursor.execute(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE tableowner = current_user AND CASE WHEN %s THEN tablename LIKE 'web2py\\_session\\_%%'"
        " ELSE schemaname = 'public' AND tablename = 'py4web_session' END",
        (kind == "web2py",),
    )
    return cursor.fetchall()


if __name__ == "__main__":
    main()
