import type { IConstruct } from "constructs";
import type { Network } from "../engine/network.ts";
import type { Volume } from "../engine/volume.ts";
import type { Workload } from "../engine/workload.ts";
import type { Name } from "../values/name.ts";
import type { Concurrency } from "./concurrency.ts";
import type { Protocol, SocketKind, Speaks } from "./protocol.ts";
import type { RootMount } from "./source.ts";

/** Where Unix sockets are found in a node's container. */
export const SOCKETS = "/run/slipway/sockets";

/** Where a node lays its static files for the edge; in an edge below a folder with the application's name. */
export const STATIC = "/srv/static";

/** An application that runs inside of the edge, in its container. */
export interface Embedded {
  readonly concurrency: Concurrency;
  /** Requests after which a process is replaced. @default unlimited */
  readonly maximumRequests: number | undefined;
  /** What the edge runs beside itself: the node, as it would be in a container of its own. Final once a stack is complete. */
  node(): Workload;
}

/** What an edge or a balancer needs to know to lead requests to an application. */
export interface Backend {
  readonly name: Name;
  readonly network: Network;
  readonly protocol: Protocol;
  /** `host:port` of every node, or the name of its Unix socket on the volume of the sockets. */
  readonly nodes: readonly string[];
  /** The volume with the Unix sockets; undefined for TCP. */
  readonly sockets: Volume | undefined;
  /** By `wsgi` only, which has no nodes to connect to. */
  readonly embedded?: Embedded;
  readonly rootMount: RootMount;
  /** The static files, as the nodes lay them out: each at the path that it has on the site below the mount. */
  readonly staticFiles: Volume;
  /** Paths below the mount that lead to static files, such as `/static`. */
  readonly staticPaths: readonly string[];
  /** Paths below the mount that lead to an administration; see `Source`. @default none */
  readonly adminPaths?: readonly string[];
  /** Path below the mount that answers 200 only when the application works. */
  readonly healthPath: string;
}

/** What requests can be led to: an application, or a balancer before one. */
export interface Upstream<P extends Protocol> extends IConstruct {
  readonly speaks: Speaks<P>;
  /** Makes the nodes listen in this way, beside other ways that were asked for, and tells where. */
  listen(protocol: P, over: SocketKind): Backend;
}
