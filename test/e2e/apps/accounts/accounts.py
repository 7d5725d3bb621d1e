"""Writes and reads rows in the databases that it was given, and tells what it knows of its connections."""

import json
import os
from pathlib import Path

import psycopg
import psycopg2

TABLE = "CREATE TABLE IF NOT EXISTS ledger (id serial PRIMARY KEY, entry text NOT NULL)"
FACTS = """
SELECT json_build_object('role', current_user, 'database', current_database(), 'backend', pg_backend_pid(),
  'ssl', (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()),
  'version', (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()),
  'readOnly', current_setting('transaction_read_only') = 'on')
"""


def connect(name):
    return psycopg2.connect(Path(os.environ[f"{name}_URL_FILE"]).read_text().strip(), connect_timeout=5)


def run(name, statement, *values):
    connection = connect(name)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def prepared(name):
    """The same statement, prepared once by the driver, in many transactions; they may meet different backends."""
    url = Path(os.environ[f"{name}_URL_FILE"]).read_text().strip()
    with psycopg.connect(url, prepare_threshold=0) as connection:
        total = 0
        for number in range(50):
            with connection.transaction():
                total += connection.execute("SELECT %s::int + 1", (number,)).fetchone()[0]
    return str(total)


def answer(path, query):
    name = query or "DATABASE"
    match path.rsplit("/", 1)[-1]:
        case "healthz":
            return run("DATABASE", "SELECT 'well'")
        case "facts":
            return json.dumps(run(name, FACTS))
        case "write":
            return str(run(name, "INSERT INTO ledger (entry) VALUES ('entry') RETURNING id"))
        case "count":
            return str(run(name, "SELECT count(*) FROM ledger"))
        case "prepared":
            return prepared(name)
        case "table":
            run(name, TABLE)
            return "made"
        case _:
            raise LookupError(path)


def application(environ, start_response):
    try:
        body, status = answer(environ["PATH_INFO"], environ.get("QUERY_STRING", "")), "200 OK"
    except LookupError:
        body, status = "not here", "404 Not Found"
    except psycopg2.Error as error:
        body, status = f"{type(error).__name__}: {error}", "500 Internal Server Error"
    start_response(status, [("Content-Type", "text/plain")])
    return [body.encode()]
