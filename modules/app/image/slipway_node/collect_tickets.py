"""
Makes rows of the tickets that nodes left as files, and removes a file when its row is there to stay (recipe 17):

    python -m slipway_node.collect_tickets {web2py,py4web} FILE_WITH_THE_URL [--duplicates]

The tables are those of the frameworks, with three more columns. Without duplicates the first ticket of an error stands
for all, by the traceback, and counts them.
"""

import argparse
import os
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from slipway_node import tickets
from slipway_node.tickets import Ticket

FOLDER = Path("/srv/shared/errors")
#: Seconds in which a file is left alone: web2py writes it in its place.
WRITING = 2

COMMON = "id serial PRIMARY KEY, traceback_hash text NOT NULL, occurrences integer NOT NULL DEFAULT 1, last_ticket text NOT NULL"
TABLES = {
    "web2py": f"CREATE TABLE IF NOT EXISTS {{}} ({COMMON},"
    " ticket_id varchar(100) NOT NULL UNIQUE, ticket_data text, created_datetime timestamp)",
    "py4web": f"CREATE TABLE IF NOT EXISTS {{}} ({COMMON},"
    " uuid varchar(512) NOT NULL UNIQUE, app_name varchar(512), method varchar(512), path text, timestamp timestamp,"
    " client_ip varchar(512), error text, snapshot json)",
}
READERS = {"web2py": tickets.web2py, "py4web": tickets.py4web}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m slipway_node.collect_tickets")
    parser.add_argument("kind", choices=list(TABLES))
    parser.add_argument("url", type=Path)
    parser.add_argument("--duplicates", action="store_true")
    arguments = parser.parse_args()
    connection = psycopg2.connect(arguments.url.read_text().strip(), connect_timeout=10)
    try:
        new = again = 0
        for application in sorted(folder for folder in FOLDER.iterdir() if folder.is_dir()):
            collected = _collect(connection, arguments.kind, application, arguments.duplicates)
            new, again = new + collected[0], again + collected[1]
        print(f"{new} new tickets, {again} of known errors")
    finally:
        connection.close()


def _collect(connection, kind: str, folder: Path, duplicates: bool) -> tuple[int, int]:
    application = folder.name
    files = [file for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")]
    if not files:
        return 0, 0
    table = sql.Identifier(f"web2py_ticket_{application}" if kind == "web2py" else "py4web_error")
    with connection, connection.cursor() as cursor:
        # Where applications have schemas of their own, their tables are there (slipway_node.web2py_migrate).
        cursor.execute(sql.SQL("SET search_path = {}, public").format(sql.Identifier(application)))
        cursor.execute("SET client_min_messages = warning")
        cursor.execute(sql.SQL(TABLES[kind]).format(table))
    new = again = 0
    for file in sorted(files, key=lambda each: each.stat().st_mtime):
        if time.time() - file.stat().st_mtime < WRITING:
            continue
        try:
            ticket = READERS[kind](file, application)
        except tickets.Unreadable as error:
            print(f"{application}/{file.name} is no ticket and stays: {error}")
            continue
        # Each in a transaction of its own: what is a row by then is no file any more.
        try:
            with connection, connection.cursor() as cursor:
                is_new = _keep(cursor, table, ticket, duplicates)
        except psycopg2.DataError as error:
            print(f"{application}/{file.name} cannot be a row and stays: {error}")
            continue
        new, again = (new + 1, again) if is_new else (new, again + 1)
        file.unlink()
    return new, again


def _keep(cursor, table: sql.Identifier, ticket: Ticket, duplicates: bool) -> bool:
    """Whether it became a row of its own. One whose file could not be removed the last time is not counted twice."""
    if not duplicates:
        cursor.execute(
            sql.SQL(
                "UPDATE {0} SET occurrences = occurrences + (last_ticket <> %(ticket)s)::int, last_ticket = %(ticket)s"
                " WHERE id = (SELECT min(id) FROM {0} WHERE traceback_hash = %(digest)s)"
            ).format(table),
            {"ticket": ticket.id, "digest": ticket.digest},
        )
        if cursor.rowcount:
            return False
    row = {**ticket.columns, "traceback_hash": ticket.digest, "last_ticket": ticket.id}
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
            table,
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(map(sql.Placeholder, row)),
        ),
        row,
    )
    return cursor.rowcount == 1


if __name__ == "__main__":
    main()
