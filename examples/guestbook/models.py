"""The tables. They are created or altered when DB_MIGRATE is True; otherwise importing this sends no query at all."""

from py4web import Field
from py4web.core import utcnow

from . import settings
from .common import db

db.define_table(
    "account",
    # Lower case, so that Ada and ada are one person. The unique index decides between two who sign up at once.
    Field("username", length=32, notnull=True, unique=True),
    # The name as it stands in the book.
    Field("name", length=60, notnull=True),
    Field("password_hash", length=255, notnull=True),
    Field("created", "datetime", default=utcnow),
)

db.define_table(
    "entry",
    Field("author", "reference account", notnull=True),
    Field("message", "text", notnull=True),
    # The name of what pictures.py keeps, and the size of the picture in pixels, so that pages don't jump while it loads.
    Field("picture", length=64),
    Field("picture_width", "integer"),
    Field("picture_height", "integer"),
    Field("created", "datetime", default=utcnow),
)

# Where settings.UPLOADS_IN is "database". A table of its own: a page of entries does not read their pictures.
db.define_table(
    "picture",
    Field("name", length=64, notnull=True, unique=True),
    Field("content", "blob", notnull=True),
)

if settings.DB_MIGRATE:
    if settings.SESSION_TYPE == "database":
        # Read on every request; py4web creates the table without an index.
        db.executesql("CREATE INDEX IF NOT EXISTS py4web_session_rkey ON py4web_session (rkey)")
    db.commit()

# Servers import the application first and fork workers then. A connection must not be shared by two processes, so the
# one that was opened above ends here, and each worker opens its own.
db._adapter.close_connection()
