import { siteAdmin } from "../../edge/admin.ts";
import { ANSWER_HEADERS, CLAIMED_HEADERS } from "../../edge/headers.ts";
import { METHODS, type SiteApp } from "../../edge/site.ts";
import { INTERMEDIATE } from "../../tls/profile.ts";
import { environKey, pythonDict } from "./python-entry.ts";

export interface Front {
  /** What is imported first, for paths and settings: Python. */
  readonly settings: string;
  readonly app: Pick<SiteApp, "prefix" | "headers">;
  /** Key of the request with the visitor's address, which nobody but the server before can set. */
  readonly visitor: string;
  /** Python for the scheme of a request, where the server takes it from a visitor. @default as the server says */
  readonly scheme?: string;
  /** Whether browsers are told to come back by TLS only. */
  readonly strictTransport: boolean;
  /** Paths that answer 404, for a server before that cannot refuse any. @default none */
  readonly refused?: readonly string[];
}

/**
 * `slipway_front.py`: does to requests and answers what an edge does, where the server before is none of ours. It is what
 * that server loads.
 */
export function frontModule({
  settings,
  app,
  visitor,
  scheme,
  strictTransport,
  refused = [],
}: Front): string {
  const admin = siteAdmin("disabled", refused)?.paths;
  const answers = {
    ...ANSWER_HEADERS,
    ...(strictTransport && { "Strict-Transport-Security": `max-age=${INTERMEDIATE.strictTransport}` }),
  };
  const set = Object.fromEntries(
    Object.entries(app.headers).map(([name, value]) => [environKey(name), value]),
  );
  return `"""Written by Slipway: the application as its visitors reach it, behind a server that is no edge of ours."""

import re
import sys

${settings}
from slipway_node.behind_edge import application as _application  # noqa: E402

METHODS = (${METHODS.map((one) => `"${one}"`).join(", ")})
#: What a visitor claims about the way here is never believed.
CLAIMED = [
${CLAIMED_HEADERS.map((name) => `    "${environKey(name)}",\n`).join("")}]
#: How the application is told where it is mounted.
PREFIX = ${JSON.stringify(app.prefix)}
SET = ${pythonDict(set)}
#: What an answer has unless the application says it itself.
ANSWERS = ${pythonDict(answers)}
SECURE = re.compile(r";\\s*secure\\s*(?:;|$)", re.IGNORECASE)
${admin === undefined ? "" : `#: The administration: of nobody.\nREFUSED = re.compile(r"${admin}")\n`}

def application(environ, start_response):
    if environ["REQUEST_METHOD"] not in METHODS:
        return _refuse(start_response, "405 Method Not Allowed")
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
${admin === undefined ? "" : `    if REFUSED.match(path):\n        return _refuse(start_response, "404 Not Found")\n`}    visitor = environ.get("${visitor}", "")
    for name in CLAIMED:
        environ.pop(name, None)
    environ["HTTP_X_FORWARDED_FOR"] = visitor
${scheme === undefined ? "" : `    environ["wsgi.url_scheme"] = ${scheme}\n`}    environ["HTTP_X_FORWARDED_PROTO"] = environ["wsgi.url_scheme"]
    environ["HTTP_X_FORWARDED_HOST"] = environ.get("HTTP_HOST", "")
    environ.update(SET)
    environ["PATH_INFO"] = PREFIX + path

    def start(status, headers, *more):
        return start_response(status, _answered(environ, headers), *more)

    return _application(environ, start)


def _answered(environ, headers):
    said = {name.lower() for name, _ in headers}
    secure = environ["wsgi.url_scheme"] == "https"
    return [
        (name, f"{value}; Secure" if secure and name.lower() == "set-cookie" and not SECURE.search(value) else value)
        for name, value in headers
        if name.lower() not in ("server", "x-powered-by")
    ] + [(name, value) for name, value in ANSWERS.items() if name.lower() not in said]


def _refuse(start_response, status):
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(status)))])
    return [status.encode()]
`;
}
