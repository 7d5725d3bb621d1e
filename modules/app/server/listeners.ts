import type { ConfigFile } from "../../engine/workload.ts";
import { SOCKETS } from "../upstream.ts";
import { HEALTH_PORT, type Listener, SERVER_PORTS } from "./server.ts";

/** The command of a server whose sockets are opened for it, and emptied at a stop. */
export function served(...command: readonly string[]): readonly string[] {
  return ["/srv/venv/bin/python", "-m", "slipway_node.serve", ...command];
}

/** FIRST_DESCRIPTOR of image/slipway_node/serve.py. */
const FIRST_DESCRIPTOR = 10;

/**
 * The file that tells where to listen: a line for each listener, and the last for the health check. A server that opens
 * its sockets itself has a line for each address at which it is asked to empty them.
 */
export function listenersFile(lines: readonly string[]): ConfigFile {
  return {
    path: "/etc/slipway/listeners",
    content: ["# Written by Slipway.", ...lines].map((line) => `${line}\n`).join(""),
  };
}

/** The lines for a server that inherits its sockets. */
export function linesOf(listeners: readonly Listener[]): string[] {
  return [...listeners.map(addressOf), `127.0.0.1:${HEALTH_PORT}`];
}

/** Where the server finds what stands at a place of that order, as uWSGI and gunicorn write it. */
export function inherited(index: number): string {
  return `fd://${FIRST_DESCRIPTOR + index}`;
}

function addressOf({ protocol, over }: Listener): string {
  // Bound anew by each release, whose nodes have the names of those before: the last one gets the requests.
  return over === "tcp" ? `0.0.0.0:${SERVER_PORTS[protocol]}` : `${SOCKETS}/$SLIPWAY_NODE.${protocol}`;
}
