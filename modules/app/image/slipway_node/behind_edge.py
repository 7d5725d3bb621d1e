"""
The application as its visitors reach it, for servers that know no more of a request than who handed it on.

Nobody but the edge reaches a node, and it replaces these headers, so they can be believed. A request without them comes
from the node itself: its health check.
"""

import importlib
import os

_module, _name = os.environ["SLIPWAY_CALLABLE"].split(":")
_application = getattr(importlib.import_module(_module), _name)


def application(environ, start_response):
    if address := environ.get("HTTP_X_FORWARDED_FOR"):
        environ["REMOTE_ADDR"] = address.split(",", 1)[0].strip()
    if (scheme := environ.get("HTTP_X_FORWARDED_PROTO")) in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    # The whole path is the application's, wherever it is mounted.
    environ["SCRIPT_NAME"] = ""
    return _application(environ, start_response)
