"""Writes entries down, and says so only when they are committed."""

import os
import threading
from pathlib import Path
from urllib.parse import parse_qs

import psycopg2

URL = Path(os.environ["DATABASE_URL_FILE"]).read_text().strip()
CREATE = "CREATE TABLE IF NOT EXISTS entry (id text PRIMARY KEY, body text NOT NULL DEFAULT '')"
mine = threading.local()


def execute(statement, *values):
    """In a transaction of its own, on the connection of this thread; one that failed is not used again."""
    if getattr(mine, "connection", None) is None:
        mine.connection = psycopg2.connect(URL, connect_timeout=3)
    try:
        with mine.connection, mine.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount
    except (psycopg2.OperationalError, psycopg2.InterfaceError, psycopg2.InternalError):
        mine.connection = None
        raise


def application(environ, start_response):
    if environ["PATH_INFO"] not in ("/", "/healthz"):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return []
    try:
        if environ["PATH_INFO"] == "/healthz":
            # Nodes start side by side.
            execute(f"SELECT pg_advisory_xact_lock(1); {CREATE}")
        elif environ["REQUEST_METHOD"] == "POST":
            execute("INSERT INTO entry (id) VALUES (%s)", parse_qs(environ["QUERY_STRING"])["id"][0])
        else:
            execute("SELECT 1 FROM entry LIMIT 1")
    except psycopg2.Error as error:
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [str(error).encode()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [os.environ["SLIPWAY_NODE"].encode()]
