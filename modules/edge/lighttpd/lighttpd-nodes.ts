import type { Site, SiteApp } from "../site.ts";

/** Name of the variable of lighttpd's configuration that holds the nodes of an application. */
export function nodesVariable({ name }: SiteApp): string {
  return `nodes_${name.replaceAll("-", "_")}`;
}

/** Whether the nodes of an application are Unix sockets, which have no addresses that change. */
export function overUnix({ nodes }: SiteApp): boolean {
  return nodes.every((node) => node.startsWith("/"));
}

/**
 * Whose addresses image/nodes looks up: a line for each application, of its variable and its nodes. What a node is called
 * stands beside where it is, as nodes that share a machine differ by their ports alone.
 */
export function nodesFile({ apps }: Site): string {
  const lines = apps
    .filter((app) => !overUnix(app))
    .map((app) => [nodesVariable(app), ...app.nodes.map(named)].join(" "));
  return ["# Written by Slipway.", ...lines].map((line) => `${line}\n`).join("");
}

function named(node: string): string {
  return `${node.replace(/:\d+$/, "")}=${node}`;
}
