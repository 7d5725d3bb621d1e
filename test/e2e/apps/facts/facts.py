"""Answers with what it was told of the request and of its process; a request may ask to wait."""

import json
import os
import time
from urllib.parse import parse_qs

RELEASE = os.environ.get("RELEASE", "first")
KEYS = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "HTTP_HOST", "HTTP_AUTHORIZATION")


def application(environ, start_response):
    query = parse_qs(environ.get("QUERY_STRING", ""))
    time.sleep(float(query.get("sleep", ["0"])[0]))
    facts = {
        **{key: environ.get(key) for key in KEYS},
        "forwarded": environ.get("HTTP_X_FORWARDED_FOR"),
        "scheme": environ["wsgi.url_scheme"],
        "multiprocess": environ["wsgi.multiprocess"],
        "multithread": environ["wsgi.multithread"],
        "body": environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode(),
        "pid": os.getpid(),
        "folder": os.getcwd(),
        "home": os.environ.get("HOME"),
        "release": RELEASE,
    }
    start_response(query.get("status", ["200 OK"])[0], [("Content-Type", "application/json")])
    return [json.dumps(facts).encode()]


def nothing():
    """For a job that calls it."""
    print("nothing was to be done")
