import { uwsgiIni } from "../../app/server/uwsgi-ini.ts";
import { Size } from "../../values/size.ts";
import type { PlacedApp } from "../export/placed-app.ts";
import { relocated } from "../export/relocation.ts";

/** Where a server is found, whatever release it is of. */
export interface FastCgiServer {
  readonly socket: string;
  readonly pidFile: string;
}

/** The text of `uwsgi.ini`: that of a container, with a socket of its own and what an edge would do in Python. */
export function fastCgiIni(
  { app: { described, workload }, places, placement: { root } }: PlacedApp,
  { socket, pidFile }: FastCgiServer,
): string {
  const { nodes, threads } = described;
  // There is one server, with as many processes as all nodes of the stack have together.
  const processes = nodes * described.processes;
  const ini = uwsgiIni({
    callable: "slipway_front:application",
    concurrency: { processes, threads, requests: processes * threads },
    memory: Size.bytes(workload.limits.memory * nodes),
    listeners: [{ protocol: "fastcgi", over: "unix" }],
  });
  const [before = "", after = ""] = ini.split(/; Opened by slipway_node\.serve[\s\S]*?^route-run = .*\n/m);
  return relocated(
    `${before}; Cherokee starts this when nobody answers here.
fastcgi-socket = ${socket}
chmod-socket = 660
vacuum = true
pidfile = ${pidFile}
pythonpath = ${root}
${after}`,
    places,
  );
}

/** The text of the script that Cherokee starts: `startweb2py.sh` of the recipe. */
export function startScript({ app: { described }, placement: { root } }: PlacedApp): string {
  return `#!/bin/sh
# Written by Slipway: starts ${described.name} as a FastCGI server; Cherokee does so when nobody answers at its socket.
set -eu
cd ${root}
exec uwsgi --ini ${root}/uwsgi.ini
`;
}
