/** What a server of a host without containers loads an application by: three files at the root of its folder. */
import { BEHIND_EDGE } from "../../app/server/behind-edge.ts";
import type { PlacedApp } from "./placed-app.ts";

/** A dictionary of Python; JSON is valid Python for texts. */
export function pythonDict(values: Readonly<Record<string, string>>): string {
  return `{\n${Object.entries(values)
    .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
    .join("")}}`;
}

/** A list of Python, likewise. */
export function pythonList(values: readonly string[]): string {
  return `[\n${values.map((value) => `    ${JSON.stringify(value)},\n`).join("")}]`;
}

/** Name of a header in a request of WSGI. */
export const environKey = (header: string) => `HTTP_${header.toUpperCase().replaceAll("-", "_")}`;

/** `slipway_environment.py`: settings and paths. */
export function environmentModule({ environment, placement: { root } }: PlacedApp): string {
  const paths = [`${root}/slipway`, `${root}/app`].map((path) => `"${path}"`).join(", ");
  return `"""Written by Slipway: what a container would have in its environment. Secrets stay in their files."""

import os
import socket
import sys

PATHS = [${paths}]

os.environ.update(${pythonDict(environment)})
os.environ.setdefault("SLIPWAY_NODE", socket.gethostname())
# For the processes that preparing a release starts.
os.environ["PYTHONPATH"] = os.pathsep.join(PATHS)
sys.path[:0] = [path for path in PATHS if path not in sys.path]
`;
}

/** `slipway_site.py`: the WSGI script. */
export function siteModule({ placement: { root } }: PlacedApp): string {
  return `"""Written by Slipway: the application, as a server loads it. Whoever is before it has to set X-Forwarded-For."""

import sys

sys.path.insert(0, "${root}")

import slipway_environment  # noqa: E402, F401  paths and settings come first

from ${BEHIND_EDGE.module} import application  # noqa: E402, F401
`;
}

/**
 * `prepare.py`: what has to be done before a release is served; it may be run again.
 * @param before what the host needs first: Python. @default nothing
 */
export function prepareScript(before = ""): string {
  return `"""Written by Slipway: waits for the database, migrates it, and tries the application; it may be run again."""

${before}import slipway_environment  # noqa: ${before === "" ? "F401" : "E402, F401"}  paths and settings come first

from slipway_node import prepare${before === "" ? "" : "  # noqa: E402"}

if __name__ == "__main__":
    prepare.main()
`;
}
