import datetime

from py4web import DAL, Field, Session
from py4web.utils.dbstore import DBStore

from . import settings_private as settings

NODE = settings.NODE_NAME

db = DAL(
    settings.DB_URI,
    folder=settings.DB_FOLDER,
    pool_size=settings.DB_POOL_SIZE,
    migrate=settings.DB_MIGRATE,
    table_hash="worker",
)
db.define_table(
    "event",
    Field("job"),
    Field("node"),
    Field("at", "datetime", default=lambda: datetime.datetime.now(datetime.UTC)),
)
session = Session(secret=settings.SESSION_SECRET_KEY, expiration=14 * 24 * 3600, storage=DBStore(db))
