"""The WSGI callable of a web2py installation."""

import os
import sys

from slipway_node.web2py_settings import ADMIN_PORT, ROOT, SETTINGS

# web2py finds its applications from here, and modules of the site from its own folder.
os.chdir(ROOT)
sys.path = [str(ROOT), *(path for path in sys.path if path != str(ROOT))]

from gluon.settings import global_settings  # noqa: E402

global_settings.web2py_runtime_handler = True

from gluon.main import wsgibase  # noqa: E402

HEALTH_PATH = os.environ.get("SLIPWAY_HEALTH_PATH")


def application(environ, start_response):
    # The edge names the visitor in every request: without one it is the node that asks about its own health.
    if environ.get("PATH_INFO") == HEALTH_PATH and "HTTP_X_FORWARDED_FOR" not in environ:
        # As the edge would ask, and without leaving a session behind every few seconds.
        environ["HTTP_X_FORWARDED_PROTO"] = "https"
        environ["web2py_disable_session"] = True
    if SETTINGS.admin:
        environ["SERVER_PORT"] = str(ADMIN_PORT)
    return wsgibase(environ, start_response)
