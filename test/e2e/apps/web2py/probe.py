import io
import os
import time


def node():
    return os.environ["SLIPWAY_NODE"]


def settings():
    return response.json(
        {
            "database": db._adapter.dbengine,
            "migrates": db._migrate_enabled,
            "sessions": response.session_storage_type,
            "local": request.is_local,
            "static": URL("static", "css/bootstrap.min.css"),
        }
    )


def add():
    return str(db.thing.insert(name=request.vars.name))


def names():
    return response.json([row.name for row in db(db.thing).select(orderby=db.thing.id)])


def remember():
    session.name = request.vars.name
    return "ok"


def known():
    return f"{session.name} {node()}"


def cached():
    return cache.ram("cached", lambda: f"{node()} {time.time()}", 60)


def counted():
    return str(cache.disk.increment("counter"))


def upload():
    return db.thing.attached.store(io.BytesIO(b"content of a file"), "file.txt")


def download():
    return response.download(request, db)


def fail():
    return 1 / 0
