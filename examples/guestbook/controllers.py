"""The pages."""

import re
import unicodedata
from types import SimpleNamespace

from pydal.validators import IS_LENGTH, IS_MATCH
from py4web import HTTP, URL, Field, redirect, request, response
from py4web.utils.form import Form

from . import passwords, pictures, settings
from .common import (
    DatabaseError,
    IntegrityError,
    cache,
    end_session,
    failure,
    logger,
    page,
    session,
    start_session,
    surroundings,
)
from .models import db
from .storage import storage

PAGE_SIZE = 20
MESSAGE_LENGTH = 1000
WRONG_LENGTH = f"Please write between 1 and {MESSAGE_LENGTH} characters."
COUNT_KEY = "entry-count"
EXPIRED = "This page was open for a long time. Please send it once more."


class Text:
    """A validator: text as it may be stored, with plain line ends, no control characters, no blanks around it."""

    def __call__(self, value, record_id=None):
        if isinstance(value, list):
            value = value[-1]
        text = unicodedata.normalize("NFC", str(value or "").replace("\r\n", "\n").replace("\r", "\n"))
        # Control characters and lone surrogates: PostgreSQL takes neither NUL nor the latter.
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
        return text.strip(), None


class OneLine(Text):
    """A validator: the same on one line."""

    def __call__(self, value, record_id=None):
        text, _ = super().__call__(value)
        return " ".join(text.split()), None


class Password:
    """A validator: a password exactly as it was typed (py4web's default would hash it), with a sane length."""

    def __init__(self, minimum=10):
        self.minimum = minimum

    def __call__(self, value, record_id=None):
        value = value if isinstance(value, str) else ""
        if len(value) < self.minimum:
            return value, f"Please use at least {self.minimum} characters."
        if len(value) > 200:
            return value, "Please use at most 200 characters."
        return value, None


def visitor():
    """The account of who is signed in, or None."""
    account_id = session.get("account_id")
    return db.account(account_id) if account_id else None


def form_expired(form):
    """Whether a form was sent with a key that this session did not sign: too old, or forged by another site."""
    return form.submitted and not form.accepted and not form.errors


def sign_out_form():
    """The key behind the "Sign out" button, which changes something and therefore is a form like the others."""
    return Form([], form_name="signout", csrf_session=session)


def count_entries():
    """How many entries there are, and whether memcached knew ("hit") or the database was asked."""
    return cache.get(COUNT_KEY, lambda: db(db.entry).count())


def read_entries():
    """The newest entries older than ?before=, as plain dictionaries, and the value of ?before= for the next page."""
    query = db.entry.author == db.account.id
    before = request.query.get("before")
    if isinstance(before, str) and re.fullmatch("[0-9]{1,15}", before):
        query &= db.entry.id < int(before)
    rows = db(query).select(db.entry.ALL, db.account.name, orderby=~db.entry.id, limitby=(0, PAGE_SIZE + 1))
    entries = [
        {
            "id": row.entry.id,
            "name": row.account.name,
            "message": row.entry.message,
            "created": row.entry.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "created_text": f"{row.entry.created.day} {row.entry.created:%B %Y, %H:%M UTC}",
            "picture": URL("picture", row.entry.picture) if row.entry.picture else None,
            "picture_width": row.entry.picture_width,
            "picture_height": row.entry.picture_height,
            # One of eight inks for the initial, the same on every page for the same author.
            "ink": row.entry.author % 8,
        }
        for row in rows[:PAGE_SIZE]
    ]
    return entries, entries[-1]["id"] if len(rows) > PAGE_SIZE else None


@page("index", "index.html", db, session, method=["GET", "POST"])
def index():
    """The book. Everybody reads; who is signed in writes."""
    account = visitor()
    form = None
    if account:
        form = Form(
            [
                Field(
                    "message",
                    "text",
                    requires=[Text(), IS_LENGTH(MESSAGE_LENGTH, 1, error_message=WRONG_LENGTH)],
                )
            ],
            form_name="entry",
            csrf_session=session,
            validation=lambda form: write_entry(form, account),
        )
        if form.accepted:
            session["notice"] = "Thank you. Your entry is in the book."
            # See other: a reload of the next page must not sign the book twice.
            redirect(URL(""))
        if form.errors:
            response.status = 422
    elif request.method == "POST":
        session["notice"] = "Please sign in first, then sign the book."
        redirect(URL("signin"))
    notice = session.get("notice")
    if notice:
        del session["notice"]
    count, source = count_entries()
    entries, older = read_entries()
    return surroundings(
        account=account,
        sign_out=sign_out_form() if account else None,
        form=form,
        expired=EXPIRED if form and form_expired(form) else None,
        notice=notice,
        count=count,
        source=source,
        entries=entries,
        older=older,
        first_page=not request.query.get("before"),
        message_length=MESSAGE_LENGTH,
    )


def write_entry(form, account):
    """The last step of the entry's form: keep the picture and the entry, or say next to the field what is wrong."""
    upload = request.files.get("picture")
    upload = upload[0] if isinstance(upload, list) else upload
    if form.errors:
        if upload:
            form.errors["picture"] = "Please pick the picture again: browsers do not keep it."
        return
    name = width = height = None
    try:
        if upload:
            name, width, height = pictures.store(upload.file)
        db.entry.insert(
            author=account.id,
            message=form.vars["message"],
            picture=name,
            picture_width=width,
            picture_height=height,
        )
        db.commit()
    except pictures.Refused as refusal:
        form.errors["picture"] = str(refusal)
        return
    except BaseException:
        if name:
            storage.remove(name)
        raise
    # After the commit: between the two another node could still count the old entries.
    cache.forget(COUNT_KEY)


@page("signup", "signup.html", db, session, method=["GET", "POST"])
def signup():
    """A new account."""
    if visitor():
        redirect(URL(""))
    form = Form(
        [
            Field("name", requires=[OneLine(), IS_LENGTH(60, error_message="Please use at most 60 characters.")]),
            Field(
                "username",
                requires=[
                    OneLine(),
                    IS_MATCH(
                        r"[A-Za-z0-9][A-Za-z0-9._-]{2,31}",
                        strict=True,
                        error_message="3 to 32 letters, digits, dots, dashes or underscores; a letter or digit first.",
                    ),
                ],
            ),
            Field("password", "password", requires=Password()),
        ],
        form_name="signup",
        csrf_session=session,
        validation=create_account,
    )
    if form.accepted:
        start_session(form.vars["account_id"], form.vars["account_name"])
        session["notice"] = "Welcome. The pen is yours."
        redirect(URL(""))
    if form.errors:
        response.status = 422
    return surroundings(form=form, expired=EXPIRED if form_expired(form) else None)


def create_account(form):
    """The last step of the sign-up form."""
    if form.errors:
        return
    typed = form.vars["username"]
    try:
        form.vars["account_name"] = form.vars["name"] or typed
        form.vars["account_id"] = db.account.insert(
            username=typed.lower(),
            name=form.vars["account_name"],
            password_hash=passwords.hashed(form.vars["password"]),
        )
    except IntegrityError:
        db.rollback()
        form.errors["username"] = "Somebody has this name already. Please choose another one."


@page("signin", "signin.html", db, session, method=["GET", "POST"])
def signin():
    """Who are you?"""
    if visitor():
        redirect(URL(""))
    form = Form(
        [Field("username", requires=OneLine()), Field("password", "password", requires=Password(minimum=0))],
        form_name="signin",
        csrf_session=session,
        validation=check_password,
    )
    if form.accepted:
        start_session(form.vars["account_id"], form.vars["account_name"])
        redirect(URL(""))
    if form.errors:
        response.status = 422
    notice = session.get("notice")
    if notice:
        del session["notice"]
    return surroundings(form=form, expired=EXPIRED if form_expired(form) else None, notice=notice)


def check_password(form):
    """The last step of the sign-in form."""
    account = db.account(username=form.vars["username"].lower())
    fits = passwords.matches(form.vars["password"], account.password_hash if account else None)
    if fits and not form.errors:
        form.vars["account_id"], form.vars["account_name"] = account.id, account.name
    else:
        # The same words for all cases: a wrong password must not tell that the name exists.
        form.errors.clear()
        form.errors["username"] = "This name and password do not belong together."


@page("me", "me.html", session)
def me():
    """Who the session says you are: with sessions in memcached this page is there although the database is away."""
    name = session.get("account_name")
    return surroundings(account=name and SimpleNamespace(name=name), sign_out=sign_out_form() if name else None)


@page("signout", session, method="POST")
def signout():
    """Forget the visitor."""
    if sign_out_form().accepted:
        end_session()
    redirect(URL(""))


@page("picture/<name>", *storage.fixtures)
def picture(name):
    """A picture: any node serves what any other one has stored."""
    if not pictures.NAME.fullmatch(name):
        return failure(404, "No such picture", "There is nothing at this address.")
    answer = storage.answer(name)
    if answer is None:
        return failure(404, "No such picture", "It may have been taken out of the book.")
    # A name is never used twice, so browsers may keep the picture. The other two: a picture and nothing else.
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@page("api/entries", db)
def api_entries():
    """The book as JSON, newest first, 20 at a time; ?before=<id> goes on. Writing is for the page with its form."""
    count, source = count_entries()
    entries, older = read_entries()
    names = ("id", "name", "message", "created", "picture")
    return {
        "count": count,
        "cache": source,
        "node": settings.NODE_NAME,
        "entries": [{name: entry[name] for name in names} for entry in entries],
        "older": URL("api/entries", vars={"before": older}) if older else None,
    }


@page("healthz")
def healthz():
    """
    For the platform: may this node get requests?

    It reads the table, so a database that nobody migrated counts as a failure too. memcached is not asked: without it
    the node is slower and still right.
    """
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    try:
        db.get_connection_from_pool_or_new()
        try:
            db(db.entry).isempty()
        finally:
            db.recycle_connection_in_pool_or_close("rollback")
    except DatabaseError as error:
        # The reason goes to the log: it names hosts, and this address may be public.
        logger.warning("not healthy: %s", str(error).strip().partition("\n")[0])
        raise HTTP(503, "database unavailable") from error
    return "ok"
