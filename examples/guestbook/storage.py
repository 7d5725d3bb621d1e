"""Where pictures are kept: files of a folder that all nodes share, or rows of the database."""

import os

from py4web import request
from py4web.core import bottle

from . import settings
from .models import db

TYPE = "image/webp"


class Folder:
    """Files in settings.UPLOAD_FOLDER."""

    # What a page that answers a picture uses.
    fixtures = ()

    def write(self, name, content):
        # Under another name first: the folder is shared, and no node may serve half a file.
        partial = f"{self._path(name)}.part"
        try:
            with open(partial, "wb") as file:
                file.write(content)
            os.replace(partial, self._path(name))
        except BaseException:
            _remove_file(partial)
            raise

    def read(self, name):
        try:
            with open(self._path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def remove(self, name):
        _remove_file(self._path(name))

    def answer(self, name):
        """What a visitor gets, or None."""
        answer = bottle.static_file(name, root=settings.UPLOAD_FOLDER, mimetype=TYPE)
        return None if answer.status_code == 404 else answer

    def _path(self, name):
        return os.path.join(settings.UPLOAD_FOLDER, name)


class Rows:
    """Rows of the table "picture": committed with the entry that shows them, or gone with it."""

    fixtures = (db,)

    def write(self, name, content):
        db.picture.insert(name=name, content=content)

    def read(self, name):
        row = db(db.picture.name == name).select(db.picture.content).first()
        # pydal makes text of bytes that happen to be some.
        return row and (row.content.encode() if isinstance(row.content, str) else row.content)

    def remove(self, name):
        """Nothing to do: the transaction that failed takes it along."""

    def answer(self, name):
        # A name stands for one content for ever.
        etag = f'"{name}"'
        if request.headers.get("If-None-Match") == etag:
            return bottle.HTTPResponse(status=304, ETag=etag)
        content = self.read(name)
        return content and bottle.HTTPResponse(content, ETag=etag, **{"Content-Type": TYPE})


STORAGES = {"folder": Folder(), "database": Rows()}

if settings.UPLOADS_IN not in STORAGES:
    raise ValueError(f'UPLOADS_IN is {settings.UPLOADS_IN!r}; allowed are "folder" and "database"')

storage = STORAGES[settings.UPLOADS_IN]


def copy_pictures(source, target):
    """
    Copies the pictures of all entries, from "folder" to "database" or back, and tells how many were missing there. It
    leaves what it copied, and can be done again.
    """
    db.get_connection_from_pool_or_new()
    try:
        names = [row.picture for row in db(db.entry.picture != None).select(db.entry.picture)]  # noqa: E711
        copied = lost = 0
        for name in names:
            if STORAGES[target].read(name) is not None:
                continue
            content = STORAGES[source].read(name)
            if content is None:
                lost += 1
                continue
            STORAGES[target].write(name, content)
            db.commit()
            copied += 1
        return f"{copied} of {len(names)} pictures copied from {source} to {target}, {lost} not found"
    finally:
        db.recycle_connection_in_pool_or_close("rollback")


def _remove_file(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass
