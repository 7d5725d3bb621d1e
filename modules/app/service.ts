import type { IConstruct } from "constructs";
import type { Network } from "../engine/network.ts";
import type { VolumeMount } from "../engine/workload.ts";
import type { Name } from "../values/name.ts";
import type { Secret } from "../values/secret.ts";

/** Who asks a service for access. */
export interface Consumer {
  readonly name: Name;
  /** Connections that all its nodes together may open. */
  readonly connections: number;
  /** Containers that may start at the same time, and migrate one after another. @default 1 */
  readonly nodes?: number;
}

/** Access to a database of one's own. */
export interface DatabaseGrant {
  readonly kind: "database";
  /** Construct path of the server. */
  readonly service: string;
  readonly name: Name;
  readonly network: Network;
  readonly host: string;
  readonly port: number;
  /** Name of the database. */
  readonly database: string;
  /** `postgresql://role:password@host:port/database?sslmode=verify-full&sslrootcert=/run/secrets/<name>-ca`. */
  readonly url: Secret;
  /** The same past a pooler, for what needs a session of its own, such as migrations. @default the url */
  readonly directUrl?: Secret;
  /** Certificate that the server is known by. @default one that the client's system knows by itself, or none */
  readonly certificate?: Secret;
  /** File of the application's image with the authorities that know the server. @default its own certificate, if any */
  readonly rootCertificate?: string;
}

/** Access to a copy of a database that one uses as well, for reading. */
export interface ReplicaGrant {
  readonly kind: "replica";
  readonly service: string;
  readonly name: Name;
  readonly network: Network;
  /** As that of a database; what is written on it is refused. */
  readonly url: Secret;
  /** Certificate that the server is known by. */
  readonly certificate: Secret;
}

/** Access to a cache. */
export interface CacheGrant {
  readonly kind: "cache";
  readonly service: string;
  readonly name: Name;
  readonly network: Network;
  /** `host:port` of every instance. */
  readonly servers: readonly string[];
}

/** Folders that every node sees. */
export interface FoldersGrant {
  readonly kind: "folders";
  readonly service: string;
  readonly volumes: readonly VolumeMount[];
}

export type Grant = DatabaseGrant | ReplicaGrant | CacheGrant | FoldersGrant;

/** Something that applications use. Network, credentials and waiting for it follow from the grant. */
export interface Service<G extends Grant = Grant> extends IConstruct {
  readonly kind: G["kind"];
  grant(consumer: Consumer): G;
}
