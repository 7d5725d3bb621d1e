"""
Runs the models of one web2py application with migration on; started by slipway_node.migrate.

An installation has one database. Where it has several applications, each gets a schema of its own in it, because both
may have a table auth_user. An application that was alone before finds its older tables in `public`, where they were.
"""

import os
import sys

import psycopg2
from psycopg2 import sql

from slipway_node import web2py_site
from slipway_node.web2py_settings import SETTINGS, secret


def main(application: str) -> None:
    if len(SETTINGS.applications) > 1:
        _make_schema(application)
    from gluon.http import HTTP
    from gluon.shell import env
    from pydal.base import BaseAdapter

    try:
        # For this controller web2py runs all models, the conditional ones too; `python web2py.py -M` does the same.
        env(
            application,
            c="appadmin",
            import_models=True,
            dir=str(web2py_site.ROOT / "applications" / application),
            extra_request={"is_https": True, "is_shell": True},
        )
    except HTTP as answer:
        sys.exit(f"slipway: the models of {application} answer {answer.status} instead of defining tables")
    BaseAdapter.close_all_instances("commit")


def _make_schema(application: str) -> None:
    connection = psycopg2.connect(secret(SETTINGS.database), connect_timeout=10)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(application)))
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
    sys.stdout.flush()
    sys.stderr.flush()
    # As in slipway_node.rehearse: threads of the application must not keep this process.
    os._exit(0)
