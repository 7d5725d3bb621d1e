import type { Consumer } from "../../app/service.ts";
import type { Network } from "../../engine/network.ts";
import type { Workload } from "../../engine/workload.ts";
import type { Secret } from "../../values/secret.ts";
import type { Size } from "../../values/size.ts";
import type { ServerModel } from "../postgresql-conf.ts";

/** A replica, as far as its primary has to know it. */
export interface Follower {
  readonly slot: string;
  /** Changes that are kept for it while it is away. */
  readonly backlog: Size;
}

/** A database server, as far as a replica has to know it. */
export interface Primary {
  /** Construct path. */
  readonly path: string;
  readonly host: string;
  readonly port: number;
  readonly network: Network;
  readonly certificate: Secret;
  /** Of the role that replicas connect as. */
  readonly replicationPassword: Secret;
  /** Folder of the container that the volume of the data is mounted at. */
  readonly dataPath: string;
  readonly memory: Size;
  /** A replica must accept as many connections as its primary, and have as many workers. */
  readonly model: ServerModel;
  /** What both have in common. */
  readonly workload: Pick<
    Workload,
    | "image"
    | "replicas"
    | "user"
    | "environment"
    | "limits"
    | "capabilities"
    | "sharedMemory"
    | "stop"
    | "release"
    | "reconfigurable"
  >;
  /** Of the role of an application, which is the same on both. */
  password(consumer: Consumer): Secret;
  /** Tells that an application opens connections to a replica, whose roles have the limits of the primary. */
  read(consumer: Consumer): void;
}
