import type { Protocol, SocketKind, Speaks } from "../app/protocol.ts";
import type { Backend, Upstream } from "../app/upstream.ts";
import type { ConfigFile, Workload } from "../engine/workload.ts";
import type { Certificate } from "../tls/tls.ts";
import type { Name } from "../values/name.ts";
import type { Site } from "./site.ts";
import type { StickyBy } from "./stickiness.ts";

/** The server of an edge, and what it can do: made by the factories of `Apache` and `Lighttpd`. */
export interface EdgeServer<
  P extends Protocol,
  S extends StickyBy,
  C extends Certificate = "self-signed" | "files",
> {
  /** For reports: `apache-mod-proxy`. */
  readonly name: string;
  /** Ways of stickiness that it knows. */
  readonly sticks: { readonly [by in S]: true };
  /** Ways to come by a certificate. */
  readonly certificates: { readonly [certificate in C]: true };
  /**
   * Who asks an authority: the server, or a client beside it (modules/tls/acme-client). For the client the server serves
   * what is in `CHALLENGES`, and its image takes over the certificate: image/certificate of lighttpd.
   * @default server
   */
  readonly asksAuthority?: "server" | "client";
  /** Ways to reach an application, the best first; an application has to speak one of them. */
  readonly protocols: readonly P[];
  /** @default tcp */
  readonly over: SocketKind;
  readonly image: { readonly name: Name; readonly folder: string };
  readonly stop: Workload["stop"];
  /** The edge's workload with an application's node in it; for `wsgi` only. */
  embed?(edge: Workload, node: Workload): Workload;
  /** The configuration; pure text. */
  files(site: Site): readonly ConfigFile[];
}

/** Connects to an application by the best protocol that both know. */
export function connect(
  server: Pick<EdgeServer<Protocol, StickyBy>, "name" | "protocols" | "over">,
  upstream: Upstream<never>,
): Backend {
  const speaks: Partial<Speaks<Protocol>> = upstream.speaks;
  const protocol = server.protocols.find((one) => speaks[one]);
  // The types see to it that there is one.
  if (protocol === undefined) throw new Error(`${server.name} cannot speak to ${upstream.node.path}`);
  return (upstream as Upstream<Protocol>).listen(protocol, server.over);
}
