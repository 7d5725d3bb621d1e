"""
The smallest thing Slipway can run: a WSGI callable named `application`, with nothing but the standard library.

Try it on a laptop: `python3 hello.py`, then open http://127.0.0.1:8000/
"""

import base64
import hashlib
import os
import socket
from html import escape

# The platform names the node; on a laptop the machine does.
NODE = os.environ.get("SLIPWAY_NODE") or socket.gethostname()

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #f5f1e8; --sheet: #fffdf8; --ink: #1c2a33; --faded: #5d6a70; --line: #e2dacb; --warm: #b4522b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #111a22; --sheet: #19242e; --ink: #ebe5d8; --faded: #9aa7ad; --line: #2a3843; --warm: #eda27c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.25rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
  width: 100%; max-width: 30rem; padding: clamp(1.5rem, 6vw, 2.75rem);
  background: var(--sheet); border: 1px solid var(--line); border-radius: 16px;
  box-shadow: 0 12px 32px -18px rgb(0 0 0 / 35%);
}
svg { display: block; width: 3.5rem; height: 3.5rem; border-radius: 22%; }
h1 {
  margin: 1.4rem 0 0; letter-spacing: -0.02em;
  font: 600 2.4rem/1.1 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif;
}
p { margin: 0.5rem 0 0; color: var(--faded); }
strong { color: var(--warm); overflow-wrap: anywhere; }
dl {
  display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 1.25rem;
  margin: 1.5rem 0 0; padding-top: 1.25rem; border-top: 1px solid var(--line);
}
dt { color: var(--faded); }
dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
"""

LOGO = """<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" fill="#123f52"/>
<path d="M31 9v29H13.5C19.5 31 26 21 31 9Z" fill="#f5f1e8"/>
<path d="M35 16c6.5 6 11.5 13.5 14.5 22H35Z" fill="#e8946a"/>
<path d="M11 42h42c-1.6 5.4-5 8.6-9.5 8.6h-22C16.5 50.6 12.8 47.4 11 42Z" fill="#f5f1e8"/></svg>"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hello from {node}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
{logo}
<h1>Hello.</h1>
<p>This is a plain WSGI application on node <strong>{node}</strong>.</p>
<dl>
<dt>Path</dt><dd>{path}</dd>
<dt>Scheme</dt><dd>{scheme}</dd>
</dl>
</main>
</body>
</html>
"""

HEADERS = [
    ("Cache-Control", "no-cache"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    (
        "Content-Security-Policy",
        # Only this very style sheet, known by its hash; no scripts at all.
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
    ),
]


def application(environ, start_response):
    """Say hello at every path, and "ok" at /healthz."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        allow = ("Allow", "GET, HEAD")
        return respond(environ, start_response, "405 Method Not Allowed", "text/plain", "GET or HEAD, please.\n", allow)
    # WSGI hands out the bytes of the path as if they were Latin-1.
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    path = path.encode("latin-1").decode("utf-8", "replace") or "/"
    if path == "/healthz":
        return respond(environ, start_response, "200 OK", "text/plain", "ok")
    # Behind the edge the visitor's scheme is in this header. It is only shown here, so any other value is just ignored.
    scheme = environ.get("HTTP_X_FORWARDED_PROTO")
    if scheme not in ("http", "https"):
        scheme = environ["wsgi.url_scheme"]
    page = PAGE.format(node=escape(NODE), style=STYLE, logo=LOGO, path=escape(path), scheme=scheme)
    return respond(environ, start_response, "200 OK", "text/html", page)


def respond(environ, start_response, status, kind, text, *more):
    """Send one complete answer."""
    body = text.encode()
    content = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(status, [*content, *more, *HEADERS])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


if __name__ == "__main__":
    from wsgiref.simple_server import make_server

    with make_server("127.0.0.1", 8000, application) as server:
        server.serve_forever()
