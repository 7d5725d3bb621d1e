"""An application of the tests, which has a session and static files, and needs nothing but itself."""

from py4web import URL, Session, action, request

from . import settings_private as settings

session = Session(secret=settings.SESSION_SECRET_KEY, expiration=3600)


@action("healthz")
def healthz():
    return "ok"


@action("index")
@action.uses(session)
def index():
    session["visits"] = session.get("visits", 0) + 1
    print("printed by the application")
    return f"visit {session['visits']}"


@action("where")
def where():
    return f"{URL('static/plain.txt')} {URL('index', scheme=True)} {request.environ['REMOTE_ADDR']}"


@action("send", method=["GET", "POST"])
def send():
    return f"{request.method} {request.forms.get('text')}"
