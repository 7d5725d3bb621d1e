import os


def node():
    return os.environ["SLIPWAY_NODE"]


def remember():
    session.name = request.vars.name
    return "ok"


def known():
    return str(session.name)


def fail():
    raise RuntimeError("told to fail anywhere")


def nightly():
    db.auth_group.insert(role=f"nightly on {node()}")
    return "done"


def roles():
    return response.json([row.role for row in db(db.auth_group).select(orderby=db.auth_group.id)])


def tickets():
    """As web2py itself reads them from a database."""
    from gluon.restricted import TicketStorage

    storage = TicketStorage(db=db)
    table = storage._get_table(db, storage.tablename, request.application)
    found = [storage.load(request, request.application, row.ticket_id) for row in db(table).select()]
    return response.json([[each["layer"].split("/")[-1], each["traceback"].split("\n")[-2]] for each in found])
