"""
Loads the application of this folder with what was provided for it, for whichever handler the host has:

    from slipway_site import application
"""

import importlib
import re
import sys
from urllib.parse import unquote_to_bytes

from slipway_settings import SITE, Unfinished, prepare

#: What a visitor claims about the way here. It is replaced or removed, and never believed.
CLAIMS = [
    f"HTTP_{name}"
    for name in (
        "FORWARDED X_FORWARDED_FOR X_FORWARDED_PROTO X_FORWARDED_HOST X_FORWARDED_SERVER X_FORWARDED_PREFIX"
        " X_FORWARDED_PORT X_FORWARDED_SSL X_FORWARDED_SCHEME X_REAL_IP X_SCRIPT_NAME X_PY4WEB_APPNAME PROXY"
    ).split()
]


def _load():
    prepare()
    module, name = SITE["callable"].split(":")
    return getattr(importlib.import_module(module), name)


def application(environ, start_response):
    """The application as its visitors reach it: it is told the whole path, the scheme and who they are."""
    path = _path(environ)
    if re.search(r"(^|/)\.\.?(/|$)", path):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Not found\n"]
    # Of a proxy of the host's own, where site.json says that there is one.
    forwarded = environ.get if SITE["behindProxy"] else lambda _, otherwise="": otherwise
    https = environ.get("HTTPS", "").lower() in ("on", "1") or environ.get("REQUEST_SCHEME") == "https"
    scheme = forwarded("HTTP_X_FORWARDED_PROTO", "https" if https else "http")
    address = forwarded("HTTP_X_FORWARDED_FOR", environ.get("REMOTE_ADDR", "")).split(",")[-1].strip()
    for name in CLAIMS:
        environ.pop(name, None)
    environ.update(
        {
            "SCRIPT_NAME": "",
            "PATH_INFO": SITE["prefix"] + path,
            "REMOTE_ADDR": address,
            "HTTP_X_FORWARDED_FOR": address,
            "HTTP_X_FORWARDED_PROTO": scheme,
            "HTTP_X_FORWARDED_HOST": environ.get("HTTP_HOST", ""),
            "wsgi.url_scheme": scheme,
            **SITE["headers"],
        }
    )
    return loaded(environ, start_response)


def _path(environ) -> str:
    """Decoded once, and in the form that WSGI wants: bytes as if they were Latin-1."""
    uri = environ.get("REQUEST_URI")
    if uri is None:
        return environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    raw = uri.split("?", 1)[0]
    # A request may name the host in its first line.
    raw = re.sub(r"^[a-z]+://[^/]*", "", raw)
    return re.sub("/+", "/", f"/{unquote_to_bytes(raw).decode('latin-1')}")


def _not_yet(_, start_response):
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"This site is not set up yet. Its error log tells what is missing.\n"]


unfinished = False
try:
    loaded = _load()
except Unfinished as _error:
    print(f"slipway: {_error}", file=sys.stderr, flush=True)
    unfinished, loaded = True, _not_yet
