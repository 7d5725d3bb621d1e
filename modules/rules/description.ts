/**
 * What rules look at: the whole environment as plain data. Modules fill it in; rules never see a construct, so they
 * can be tested with an object literal.
 */

import type { SourceKind } from "../app/source.ts";
import type { AdminMode } from "../edge/admin.ts";
import type { StickyBy } from "../edge/stickiness.ts";
import type { Workload } from "../engine/workload.ts";
import type { Host } from "../hosts/host.ts";
import type { Task } from "../jobs/job.ts";
import type { Overlap } from "../jobs/jobs-file.ts";
import type { Trust } from "../postgres/database-tls.ts";
import type { PoolMode } from "../postgres/pooler/pooler.ts";
import type { Storage } from "../storage/storage.ts";
import type { Certificate } from "../tls/tls.ts";
import type { Cidr } from "../values/cidr.ts";
import type { Duration } from "../values/duration.ts";
import type { SecretSource } from "../values/secret-source.ts";
import type { Size } from "../values/size.ts";

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
  /** Major version of PostgreSQL that its data should have; undefined for a copy, which is as its primary. */
  readonly version?: number;
  readonly storage: Storage;
  readonly maxConnections: number;
  /** Construct path of the database that it is a copy of. */
  readonly replicaOf?: string;
  /** Where applications share connections. */
  readonly pool?: {
    readonly mode: PoolMode;
    /** Connections of each application. */
    readonly size: number;
    /** Connections that the pooler and migrations may open together. */
    readonly opened: number;
  };
}

/** A database of a server that is not of the stack. */
export interface DescribedExternalDatabase extends Located {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly trust: Trust;
  /** What the server grants to the role; undefined where nobody said it. */
  readonly maxConnections: number | undefined;
}

export interface DescribedSharedFolders extends Located {
  readonly storage: Storage;
  /** Such as `uploads`; each application has all of them. */
  readonly folders: readonly string[];
  /** How much a folder of an application may take, where that is limited. */
  readonly quotas: ReadonlyMap<string, Size>;
  /** Names of those that use them. */
  readonly applications: readonly string[];
}

/** Where an application keeps its sessions: `files` are shared by its nodes, `sticky` are files of each node's own. */
export type SessionPlace = "cookies" | "database" | "cache" | "files" | "sticky";

/** Something that an application does at its times. */
export interface DescribedJob {
  readonly name: string;
  /** The shortest time between two runs. */
  readonly period: Duration;
  readonly timeout: Duration;
  /** Undefined where the stack does not say. */
  readonly overlap: Overlap | undefined;
  readonly task: Task["kind"];
}

export interface DescribedApp extends Located {
  readonly name: string;
  readonly nodes: number;
  /** Such as `uwsgi` or `gunicorn`. */
  readonly server: string;
  readonly kind: SourceKind;
  /** Names of the applications inside of it. */
  readonly applications: readonly string[];
  readonly sessions: SessionPlace;
  /** Construct path of the shared folders it uses, if any. */
  readonly sharedFolders: string | undefined;
  /** Connections that all nodes together may open, by the construct path of the database. */
  readonly connections: Readonly<Record<string, number>>;
  /** Applications that the framework brings along and that the source includes, such as `admin`. */
  readonly stockApplications: readonly string[];
  /** Where the password of the framework's administration comes from; undefined where there is none. */
  readonly adminPassword: SecretSource["kind"] | undefined;
  /** Paths of a site that it answers at; undefined where it answers at any. */
  readonly mounts: readonly string[] | undefined;
  /** Processes of each node, each with its own copy of the application. */
  readonly processes: number;
  /** Threads of each process. */
  readonly threads: number;
  readonly jobs: readonly DescribedJob[];
}

export interface DescribedRoute {
  /** Name of the application. */
  readonly app: string;
  readonly at: string;
  /** By what a visitor is led to the same node again. */
  readonly sticky: StickyBy;
  /** Paths of the site that lead to its static files. */
  readonly staticPaths: readonly string[];
  /** Paths of the site that lead to its administration; `*` stands for any one segment. */
  readonly adminPaths: readonly string[];
}

export interface DescribedEdge extends Located {
  /** Such as `apache-mod-proxy`. */
  readonly server: string;
  readonly hostname: string;
  readonly certificate: Certificate;
  /** The authority, where the edge asks one. */
  readonly acme?: {
    readonly names: readonly string[];
    readonly directory: string;
    /** Anybody's authority, which looks at the site from outside. */
    readonly isPublic: boolean;
  };
  /** Who reaches the administration of applications. */
  readonly admin: AdminMode;
  readonly routes: readonly DescribedRoute[];
  /** The largest request body, in bytes. */
  readonly bodyLimit: number;
}

export interface DescribedBalancer extends Located {
  readonly name: string;
  /** Such as `haproxy-least-connections`. */
  readonly engine: string;
  /** Name of the application. */
  readonly app: string;
  /** Of the application. */
  readonly nodes: number;
  /** By what a visitor is led to the same node again. */
  readonly sticky: StickyBy;
}

export interface DescribedBackup extends Located {
  readonly name: string;
  /** Construct paths of the databases and shared folders that it keeps. */
  readonly of: readonly string[];
  readonly repository: {
    /** In words, for messages: `local folder /srv/backup`. */
    readonly description: string;
    /** Of its storage, which may be that of the data; undefined on another machine. */
    readonly device: string | undefined;
  };
  /** Names of the servers, and of the workload that backs each up. */
  readonly databases: readonly { readonly name: string; readonly workload: string }[];
  /** Name of the workload that backs shared folders and secrets up. */
  readonly files: string;
  /** Name of the secret without which nothing can be restored. */
  readonly passphrase: string;
}

/** A file server of the stack. */
export interface DescribedFileServer extends Located {
  /** Who may mount, beside the host that it is on. */
  readonly clients: readonly Cidr[];
}

/** A Swarm that an environment runs on. */
export interface DescribedSwarm {
  readonly hosts: readonly Host[];
  readonly publish: "host" | "ingress";
}

/** Everything of one environment. */
export interface Description {
  /** Undefined on one host. */
  readonly swarm?: DescribedSwarm;
  /** The machines that it runs on. @default not known */
  readonly hosts?: readonly Host[];
  /** Where Terraform keeps the state. */
  readonly state?: { readonly kind: "local" | "pg" | "s3"; readonly isEncrypted: boolean };
  readonly purpose: Purpose;
  readonly workloads: readonly DescribedWorkload[];
  readonly databases: readonly DescribedDatabase[];
  readonly externalDatabases: readonly DescribedExternalDatabase[];
  readonly sharedFolders: readonly DescribedSharedFolders[];
  readonly apps: readonly DescribedApp[];
  readonly edges: readonly DescribedEdge[];
  readonly balancers: readonly DescribedBalancer[];
  readonly backups: readonly DescribedBackup[];
  /** @default none */
  readonly fileServers?: readonly DescribedFileServer[];
}
