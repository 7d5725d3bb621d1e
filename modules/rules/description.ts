/**
 * What rules look at: the whole environment as plain data. Modules fill it in; rules never see a construct, so they
 * can be tested with an object literal.
 */
import type { StickyBy } from "../edge/stickiness.ts";
import type { Workload } from "../engine/workload.ts";
import type { Storage } from "../storage/storage.ts";

/** What an environment is for. Nobody's data or visitors are at stake in development. */
export type Purpose = "development" | "production";

/** The part of a description that has a place in the tree of constructs. */
export interface Located {
  /** Construct path, such as `prod/db`. */
  readonly path: string;
}

export interface DescribedWorkload extends Located {
  readonly workload: Workload;
}

export interface DescribedDatabase extends Located {
  readonly storage: Storage;
  readonly maxConnections: number;
}

export interface DescribedSharedFolders extends Located {
  readonly storage: Storage;
}

/** Where an application keeps its sessions. */
export type SessionPlace = "cookies" | "database" | "cache" | "files";

export interface DescribedApp extends Located {
  readonly name: string;
  readonly nodes: number;
  /** Such as `uwsgi` or `gunicorn`. */
  readonly server: string;
  readonly sessions: SessionPlace;
  /** Construct path of the database that sessions are rows of, if they are. */
  readonly sessionDatabase: string | undefined;
  /** Construct path of the shared folders it uses, if any. */
  readonly sharedFolders: string | undefined;
  /** Connections that all nodes together may open, by the construct path of the database. */
  readonly connections: Readonly<Record<string, number>>;
  /** Applications that the framework brings along and that the source includes, such as `admin`. */
  readonly stockApplications: readonly string[];
}

export interface DescribedRoute {
  /** Name of the application. */
  readonly app: string;
  readonly at: string;
  /** By what a visitor is led to the same node again. */
  readonly sticky: StickyBy;
}

export interface DescribedEdge extends Located {
  /** Such as `apache-mod-proxy`. */
  readonly server: string;
  readonly hostname: string;
  readonly certificate: "self-signed" | "files";
  readonly routes: readonly DescribedRoute[];
}

/** Everything of one environment. */
export interface Description {
  readonly purpose: Purpose;
  readonly workloads: readonly DescribedWorkload[];
  readonly databases: readonly DescribedDatabase[];
  readonly sharedFolders: readonly DescribedSharedFolders[];
  readonly apps: readonly DescribedApp[];
  readonly edges: readonly DescribedEdge[];
}
