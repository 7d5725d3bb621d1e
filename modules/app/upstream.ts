import type { IConstruct } from "constructs";
import type { Network } from "../engine/network.ts";
import type { Volume } from "../engine/volume.ts";
import type { Name } from "../values/name.ts";
import type { Protocol, SocketKind, Speaks } from "./protocol.ts";
import type { RootMount } from "./source.ts";

/** Where Unix sockets are found: in a node's container, and in an edge's below a folder with the application's name. */
export const SOCKETS = "/run/slipway/sockets";

/** What an edge or a balancer needs to know to lead requests to an application. */
export interface Backend {
  readonly name: Name;
  readonly network: Network;
  readonly protocol: Protocol;
  /** `host:port` of every node, or the name of its Unix socket on the volume of the sockets. */
  readonly nodes: readonly string[];
  /** The volume with the Unix sockets; undefined for TCP. */
  readonly sockets: Volume | undefined;
  readonly rootMount: RootMount;
  /** The static files, as the nodes lay them out: each at the path that it has on the site below the mount. */
  readonly staticFiles: Volume;
  /** Paths below the mount that lead to static files, such as `/static`. */
  readonly staticPaths: readonly string[];
  /** Path below the mount that answers 200 only when the application works. */
  readonly healthPath: string;
}

/** What requests can be led to: an application, or a balancer before one. */
export interface Upstream<P extends Protocol> extends IConstruct {
  readonly speaks: Speaks<P>;
  /** Makes the nodes listen in this way, beside other ways that were asked for, and tells where. */
  listen(protocol: P, over: SocketKind): Backend;
}
