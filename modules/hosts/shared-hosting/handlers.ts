import type { HandlerName } from "./htaccess.ts";

/** A FastCGI server with a WSGI side, for processes that mod_fcgid starts. */
export const FASTCGI_REQUIREMENT = "fcgisgi==0.2.3";

/** Files of a handler beside its `.htaccess`. */
export interface HandlerFile {
  readonly path: string;
  readonly content: string;
  readonly mode?: number;
}

/**
 * What a host runs, in the folder that visitors see: it finds the private folder and hands over.
 * @param folder name of the private folder
 */
export function handlerFiles(handler: HandlerName, folder: string): readonly HandlerFile[] {
  switch (handler) {
    case "mod_python":
      return [{ path: "slipway_mod_python.py", content: modPython(folder) }];
    case "cgi":
      return [{ path: "slipway.cgi", content: cgi(folder), mode: 0o755 }];
    case "fastcgi":
      return [{ path: "slipway.fcgi", content: fastcgi(folder), mode: 0o755 }];
    case "passenger":
      // Its script is in the private folder, which the panel calls the root of the application.
      return [];
  }
}

const find = (folder: string): string => `
# Where the private folder is. Empty: a folder ${folder} in one of those above this file's own.
PRIVATE = ""

for parent in [] if PRIVATE else Path(__file__).resolve().parent.parents:
    if (parent / "${folder}/slipway_site.py").is_file():
        PRIVATE = str(parent / "${folder}")
        break
if not PRIVATE:
    raise SystemExit("slipway: there is no folder ${folder} above the one that visitors see")
sys.path.insert(0, PRIVATE)
`;

const cgi = (folder: string) => `#!/usr/bin/env python3
"""Written by Slipway (npm run export): answers one request by CGI."""
import os
import sys
from pathlib import Path
from wsgiref.handlers import CGIHandler
${find(folder)}
handler = CGIHandler()
# What the application prints belongs into the log, and not into the answer.
handler.stdout = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)

from slipway_site import application  # noqa: E402

handler.run(application)
handler.stdout.flush()
# Not by the end of the file: Python would wait for threads that the application started.
os._exit(0)
`;

const fastcgi = (folder: string) => `#!/usr/bin/env python3
"""Written by Slipway (npm run export): answers requests by FastCGI, as long as mod_fcgid wants it to."""
import asyncio
import os
import signal
import sys
import threading
import time
from pathlib import Path
${find(folder)}
from slipway_site import application  # noqa: E402

from fcgisgi import run_wsgi_server  # noqa: E402  It is found only now.

RELEASE = Path(PRIVATE, "site.json")


def end_with_release(since):
    """Nobody but the host may restart Apache: the next request starts a process with what was uploaded."""
    while RELEASE.exists() and RELEASE.stat().st_mtime == since:
        time.sleep(2)
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_release, args=[RELEASE.stat().st_mtime], daemon=True).start()
asyncio.run(run_wsgi_server(application, max_workers=4))
`;

const modPython = (
  folder: string,
) => `"""Written by Slipway (npm run export): answers requests inside of Apache (recipe 11.8)."""
import sys
from pathlib import Path

from mod_python import apache
${find(folder).replace("raise SystemExit(", "raise RuntimeError(")}
from slipway_site import application  # noqa: E402


def handler(req):
    def start_response(status, headers, *error):
        # Apache has guessed a type by the name of the file, which would stay.
        req.content_type = next((value for name, value in headers if name.lower() == "content-type"), "text/plain")
        write = req.wsgi_start_response(status, headers, *error)
        # It leaves 200 where the application says something else.
        req.status = int(status[:3])
        return write

    answer = application(req.build_wsgi_env(), start_response)
    try:
        for part in answer:
            req.write(part)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return apache.OK
`;

/** In the private folder. */
export const PASSENGER_WSGI = `"""Written by Slipway (npm run export): what Passenger, the "Setup Python App" of panels, looks for."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from slipway_site import application  # noqa: E402, F401
`;
