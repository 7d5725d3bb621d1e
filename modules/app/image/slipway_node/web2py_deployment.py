"""
Hands the platform's settings to web2py applications that know nothing of it, compiled or not.

web2py reads the root routes.py in every process and under every server, before it serves anything. That file imports
this module, which then stands where the framework reads settings, opens databases, runs models and caches.
"""

import functools
import sys

from slipway_node import web2py_cache, web2py_database, web2py_session_use
from slipway_node.memcached import Instances
from slipway_node.web2py_sessions import SessionDatabase
from slipway_node.web2py_settings import ROOT, SETTINGS, secret


@functools.cache
def install() -> None:
    """Done once in a process, however often the routes are loaded."""
    web2py_database.install()
    web2py_cache.install(SETTINGS.cache)
    if SETTINGS.sessionKey:
        _mend_cookies()
    _wrap_models()
    _print_tickets()


def routers(applications: list[str]) -> dict:
    """The first application at the root of the site, the others below their names."""
    base = {
        "default_application": applications[0],
        "applications": applications,
        # Static files of the default application at /static, as the edge serves them.
        "map_static": True,
    }
    # web2py looks for the names of controllers among the sources, which a compiled application may lack.
    compiled = {name: {"controllers": _compiled_controllers(name)} for name in applications}
    return {"BASE": base, **{name: router for name, router in compiled.items() if router["controllers"]}}


def _compiled_controllers(application: str) -> list[str]:
    folder = ROOT / "applications" / application
    if any((folder / "controllers").glob("*.py")):
        return []
    return sorted({file.name.split(".")[1] for file in (folder / "compiled").glob("controllers.*.*.pyc")})


def _wrap_models() -> None:
    from gluon import compileapp
    from gluon.globals import current
    from gluon.http import HTTP

    run_models_in = compileapp.run_models_in
    key = secret(SETTINGS.sessionKey) if SETTINGS.sessionKey else None
    store = (
        SessionDatabase(Instances(SETTINGS.sessionCache), SETTINGS.sessionExpire) if SETTINGS.sessionCache else None
    )

    @functools.wraps(run_models_in)
    def run(environment):
        request, response, session = current.request, current.response, current.session
        # It is a copy of admin inside of each application.
        if request.controller == "appadmin" and not SETTINGS.admin and not request.is_shell:
            raise HTTP(404, "<html><body><h1>invalid request</h1></body></html>", web2py_error="admin is disabled")
        if request.is_https:
            session.secure()
        web2py_session_use.mark_file(response)
        # The sessions of admin stay in files, where appadmin of every application looks for them.
        if (key or store) and request.application != "admin" and not request.env.web2py_disable_session:
            session.connect(request, response, db=store, cookie_key=key)
        return run_models_in(environment)

    # gluon.main has bound the name before it loads the routes; others import it later.
    for module in (compileapp, sys.modules["gluon.main"]):
        module.run_models_in = run


def _mend_cookies() -> None:
    """web2py puts the bytes of a session into a cookie as Python shows them, b'...', and cannot read them again."""
    from gluon import globals as where

    dumps, loads = where.secure_dumps, where.secure_loads
    where.secure_dumps = lambda *args, **options: dumps(*args, **options).decode()
    where.secure_loads = lambda data, *args, **options: loads(data.encode(), *args, **options)


def _print_tickets() -> None:
    """The log of a node says what went wrong, beside the ticket in the folder of errors."""
    from gluon.restricted import RestrictedError

    log = RestrictedError.log

    @functools.wraps(log)
    def print_too(self, request):
        ticket = log(self, request)
        print(f"slipway: ticket {ticket}\n{self.traceback}", file=sys.stderr, flush=True)
        return ticket

    RestrictedError.log = print_too
