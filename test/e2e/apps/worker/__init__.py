"""An application of the tests, which has sessions, fails when it is told to, and has jobs."""

import json

from py4web import action

from .common import NODE, db, session


@action("healthz")
@action.uses(db)
def healthz():
    db(db.event).count()
    return "ok"


@action("remember/<name>")
@action.uses(session)
def remember(name):
    session["name"] = name
    return "ok"


@action("known")
@action.uses(session)
def known():
    return str(session.get("name"))


@action("fail/<what>")
def fail(what):
    raise RuntimeError(f"told to fail on {NODE}" if what == "here" else "told to fail anywhere")


@action("let-go")
@action.uses(db)
def let_go():
    db.event.insert(job="let-go", node=NODE)
    return "ok"


@action("events")
@action.uses(db)
def events():
    return json.dumps([[row.job, row.node, row.at.timestamp()] for row in db(db.event).select(orderby=db.event.id)])
