"""The smallest application: says its greeting, after a pause if it is told one, and shows what it was told of the request."""

import os
import time


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path not in ("/", "/healthz", "/hello", "/hello/where"):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not here"]
    if path == "/":
        time.sleep(float(os.environ.get("PAUSE", "0")))
    start_response("200 OK", [("Content-Type", "text/plain")])
    facts = [os.environ["GREETING"], environ.get("SCRIPT_NAME", ""), path, environ["wsgi.url_scheme"], environ["REMOTE_ADDR"]]
    return ["\n".join([*facts, environ.get("HTTP_X_FORWARDED_FOR", "")]).encode()]
