"""What all pages share: the database, the session, the cache, and how a page is answered when one of them is away."""

import functools
import logging
import os
import secrets

from py4web import DAL, URL, Session, action, request, response
from py4web.core import render
from py4web.utils.dbstore import DBStore

from . import settings
from .cache import Cache

logger = logging.getLogger("guestbook")

# Largest request body in bytes: a picture of 5 MiB and the form around it.
MAX_BODY = 6 * 1024 * 1024

# --- The database -----------------------------------------------------------------------------------------------------

# A database that is gone must be noticed within seconds, or every worker waits for it and the whole node stands still.
# All of these are options of libpq. 20 s end a query that hangs.
POSTGRES_LIMITS = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
    "options": "-c statement_timeout=20000",
}

db = DAL(
    settings.DB_URI,
    folder=settings.DB_FOLDER,
    # Before it hands out a pooled connection, py4web tries it with SELECT 1 and opens a new one if it went stale:
    # that is what survives a restart of the database.
    pool_size=settings.DB_POOL_SIZE,
    migrate=settings.DB_MIGRATE,
    # Names the migrations' notes in DB_FOLDER. By default it is a hash of DB_URI, so that after a change of password or
    # host they would start from nothing and fail at the tables that exist.
    table_hash="guestbook_" + settings.DB_URI.partition(":")[0],
    attempts=settings.DB_ATTEMPTS,
    driver_args=POSTGRES_LIMITS if settings.DB_URI.startswith("postgres") else {},
)

_driver = db._adapter.driver

# Raised by the driver when the database cannot be reached, went away in the middle, or refuses to write. Wrong SQL and
# violated constraints are other classes: those are our mistakes and must stay visible as such.
DatabaseUnavailable = (_driver.OperationalError, _driver.InterfaceError, _driver.InternalError)
# Any complaint of the database.
DatabaseError = _driver.Error
# A unique or foreign key said no.
IntegrityError = _driver.IntegrityError

# --- The session ------------------------------------------------------------------------------------------------------

if settings.SESSION_TYPE == "database":
    # Defines the table py4web_session in `db`, which therefore is created in the migrating process too.
    _store = DBStore(db)
elif settings.SESSION_TYPE == "memcache":
    import memcache

    _store = memcache.Client(settings.MEMCACHE_CLIENTS)
elif settings.SESSION_TYPE == "cookies":
    _store = None
else:
    raise ValueError(f'SESSION_TYPE is {settings.SESSION_TYPE!r}; allowed are "cookies", "database" and "memcache"')

# py4web makes the cookie HttpOnly and SameSite=Lax, and Secure when the request came over https: the platform's edge
# says so in X-Forwarded-Proto.
session = Session(
    secret=settings.SESSION_SECRET_KEY,
    expiration=settings.SESSION_EXPIRATION,
    storage=_store,
)


def start_session(account_id, name):
    """Sign in. The session gets a new key, so that one that was planted in the browser before is worth nothing."""
    end_session()
    session["account_id"] = account_id
    # For pages that need no database.
    session["account_name"] = name
    # py4web signs the forms of a session with this key and would otherwise derive it from the time.
    session["_formkey"] = secrets.token_urlsafe(32)


def end_session():
    """Sign out: forget the session here and, when it is kept on a server, there as well."""
    key = session.get("uuid")
    if key and settings.SESSION_TYPE == "database":
        db(_store.table.rkey == key).delete()
    elif key and settings.SESSION_TYPE == "memcache":
        session.params.storage.delete(key)
    session.clear()


# --- The cache --------------------------------------------------------------------------------------------------------

cache = Cache(settings.MEMCACHE_CLIENTS, prefix="guestbook:")

# --- Pages ------------------------------------------------------------------------------------------------------------

TEMPLATES = os.path.join(settings.APP_FOLDER, "templates")

# Everything the pages need comes from this site, and none of it is a script.
PAGE_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def static(path):
    """The address of a static file, with the version in it: py4web adds one by itself only below /guestbook/."""
    return URL("static", path, static_version=settings.STATIC_VERSION)


def surroundings(account=None, sign_out=None, **more):
    """What templates/layout.html wants to know besides the content of a page."""
    return {"account": account, "sign_out": sign_out, "static": static, "node": settings.NODE_NAME, **more}


def failure(status, title, text, retry=None):
    """A complete, readable error page. It needs neither database nor session."""
    response.status = status
    if retry:
        response.headers["Retry-After"] = str(retry)
    names = {"URL": URL, "title": title, "text": text, "status": status, "retry": retry}
    return render(filename="failure.html", path=TEMPLATES, context=surroundings(**names))


def unavailable():
    """The page while the database is away."""
    title = "The book is closed for a moment"
    if request.method == "POST":
        # A page that reloads itself would drop what the visitor typed.
        return failure(503, title, "Its database does not answer. Go back, wait a little and send your text again.")
    return failure(503, title, "Its database does not answer. This page tries again by itself.", retry=5)


def page(path, *fixtures, method="GET"):
    """py4web's @action and @action.uses in one, with a limit for the body and a 503 while the database is away."""

    def decorate(function):
        pipeline = action.uses(*fixtures)(function)

        @functools.wraps(function)
        def answer(*args, **kwargs):
            response.headers.update(PAGE_HEADERS)
            # Before anything reads the body. Chunked bodies carry no length; no browser sends a form that way.
            if request.content_length > MAX_BODY or request.chunked:
                return failure(413, "That is too much", "The picture may have 5 MiB. Go back and pick a smaller one.")
            try:
                return pipeline(*args, **kwargs)
            except DatabaseUnavailable as error:
                # One line for a known state, in place of py4web's ticket with a traceback for each request.
                logger.warning("503 for %s: %s", request.path, str(error).strip().partition("\n")[0])
                return unavailable()

        return action(path, method=method)(answer)

    return decorate
