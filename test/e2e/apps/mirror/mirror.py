"""Says which node answers and what it was told of the request; unwell while /tmp/unwell exists, but it goes on serving."""

import json
import os
import time
from pathlib import Path


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/healthz" and Path("/tmp/unwell").exists():
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b"unwell"]
    if path == "/slow":
        time.sleep(3)
    length = int(environ.get("CONTENT_LENGTH") or 0)
    facts = {
        "node": os.environ["SLIPWAY_NODE"],
        "release": os.environ["RELEASE"],
        "method": environ["REQUEST_METHOD"],
        "received": len(environ["wsgi.input"].read(length)),
        "headers": {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")},
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(facts).encode()]
