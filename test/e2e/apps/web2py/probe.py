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


def renew():
    session.renew()
    session.name = request.vars.name
    return "ok"


def clear():
    session.clear()
    return "ok"


def forgets():
    session.forget(response)
    return str(db(db.web2py_session_blog).count())


def forgets_what():
    session.forget(response)
    session.name = request.vars.name
    return "ok"


def recipe():
    from gluon.contrib.memcache import MemcacheClient
    from gluon.contrib.memdb import MEMDB

    memcache_servers = ["127.0.0.1:11211"]
    cache.memcache = MemcacheClient(request, memcache_servers)
    cache.ram = cache.disk = cache.memcache
    session.connect(request, response, db=MEMDB(cache.memcache))
    session.visits = (session.visits or 0) + 1
    return f"{session.visits} {cache.ram('recipe', time.time, 60)}"


def cached():
    return cache.ram("cached", lambda: f"{node()} {time.time()}", 60)


def counted():
    return str(cache.disk.increment("counter"))


def upload():
    return db.thing.attached.store(io.BytesIO(b"content of a file"), "file.txt")


def form():
    form = SQLFORM(db.thing).process()
    return db.thing[form.vars.id].attached if form.accepted else str(form)


def download():
    return response.download(request, db)


def fail():
    return 1 / 0
