"""
Copies the uploads of web2py applications from their folder into the rows that name them, before a stack says
`Uploads.in(db)`: on a node that still has the folder. It may be done again, and deletes nothing.
"""

import os
import re
import subprocess
import sys

from slipway_node import migrate
from slipway_node.web2py_settings import ROOT, SETTINGS

#: How pydal calls an uploaded file: table.field.key.name.extension (pydal/objects.py).
KEY = re.compile(r"^[^.]+\.[^.]+\.([^.]+)\.")


def copy() -> None:
    # As the next release has it: a blob for each upload field.
    os.environ["SLIPWAY_UPLOADS"] = "database"
    migrate.run("slipway_node.web2py_migrate", SETTINGS.applications)
    for application in SETTINGS.applications:
        # A process of its own, as a model may leave anything behind.
        subprocess.run([sys.executable, "-m", __name__, application], check=True)


def main(application: str) -> None:
    from slipway_node import web2py_site  # noqa: F401  gluon is found from there

    from gluon.shell import env
    from pydal import DAL
    from pydal.base import BaseAdapter

    folder = ROOT / "applications" / application
    shell = {"is_https": True, "is_shell": True}
    # As in slipway_node.web2py_migrate: all models, the conditional ones too.
    models = env(application, c="appadmin", import_models=True, dir=str(folder), extra_request=shell)
    copied = lost = 0
    for db in {id(value): value for value in models.values() if isinstance(value, DAL)}.values():
        for table in (db[name] for name in db.tables):
            for field in table:
                if field.type == "upload" and field.uploadfield in table.fields:
                    done, missing = _copy_field(db, table, field, folder / "uploads")
                    copied, lost = copied + done, lost + missing
    BaseAdapter.close_all_instances("commit")
    print(f"{application}: {copied} uploads copied into the database, {lost} not found")


def _copy_field(db, table, field, uploads) -> tuple[int, int]:
    blob = table[field.uploadfield]
    empty = (field != None) & (field != "") & ((blob == None) | (blob == ""))  # noqa: E711
    copied = lost = 0
    for row in db(empty).select(table._id, field):
        name = row[field]
        key = KEY.match(name)
        places = [uploads / name, *([uploads / str(field) / key[1][:2] / name] if key else [])]
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            lost += 1
            continue
        db(table._id == row[table._id]).update(**{blob.name: file.read_bytes()})
        db.commit()
        copied += 1
    return copied, lost


if __name__ == "__main__":
    main(sys.argv[1])
    sys.stdout.flush()
    # As in slipway_node.rehearse: threads of the application must not keep this process.
    os._exit(0)
