import type { Protocol, SocketKind, Speaks } from "../app/protocol.ts";
import type { Backend, Upstream } from "../app/upstream.ts";
import type { ConfigFile, Workload } from "../engine/workload.ts";
import type { Name } from "../values/name.ts";
import type { Site } from "./site.ts";
import type { StickyBy } from "./stickiness.ts";

/** The server of an edge, and what it can do: made by the factories of `Apache` and `Lighttpd`. */
export interface EdgeServer<P extends Protocol, S extends StickyBy> {
  /** For reports: `apache-mod-proxy`. */
  readonly name: string;
  /** Ways of stickiness that it knows. */
  readonly sticks: { readonly [by in S]: true };
  /** Ways to reach an application, the best first; an application has to speak one of them. */
  readonly protocols: readonly P[];
  /** @default tcp */
  readonly over: SocketKind;
  readonly image: { readonly name: Name; readonly folder: string };
  readonly stop: Workload["stop"];
  /** The configuration; pure text. */
  files(site: Site): readonly ConfigFile[];
}

/** Connects to an application by the best protocol that both know. */
export function connect<P extends Protocol>(
  server: Pick<EdgeServer<P, StickyBy>, "name" | "protocols" | "over">,
  upstream: Upstream<P>,
): Backend {
  const speaks: Partial<Speaks<Protocol>> = upstream.speaks;
  const protocol = server.protocols.find((one) => speaks[one]);
  // The types see to it that there is one.
  if (protocol === undefined) throw new Error(`${server.name} cannot speak to ${upstream.node.path}`);
  return upstream.listen(protocol, server.over);
}
