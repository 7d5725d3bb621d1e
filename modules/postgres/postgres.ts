/**
 * A PostgreSQL server with one role and one database for each application that uses it.
 *
 *     const db = new Postgres(this, "db", { memory: "512 MiB" });
 *     shop.uses(db);
 */
import { Construct } from "constructs";
import { certificatePath } from "../app/database-trust.ts";
import type { Consumer, DatabaseGrant, Service } from "../app/service.ts";
import type { Archive } from "../backup/archive.ts";
import type { Build } from "../engine/build.ts";
import type { Network } from "../engine/network.ts";
import type { PublishedPort, VolumeMount, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import type { Storage } from "../storage/storage.ts";
import { countOf } from "../values/count.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Secret } from "../values/secret.ts";
import { Size, type SizeText } from "../values/size.ts";
import { type Extension, knownExtensions } from "./extensions.ts";
import { extensionsSql, pgHba, rolesSql } from "./grants.ts";
import type { Pooler } from "./pooler/pooler.ts";
import { poolerName, poolerWorkload } from "./pooler/pooler-workload.ts";
import { postgresqlConf, type ServerModel } from "./postgresql-conf.ts";
import type { Follower, Primary } from "./replica/primary.ts";
import { ServerIdentity } from "./server-identity.ts";
import { DATA, serverImage, USER } from "./server-image.ts";
import { Tenancy } from "./tenancy.ts";
import { DEFAULT_VERSION, type PostgresVersion } from "./version.ts";

const PORT = 5432;
/** Databases and roles that PostgreSQL has of its own. */
const RESERVED: ReadonlySet<string> = new Set(["postgres", "template0", "template1", "public", "none"]);

export interface PostgresProps {
  /** Hard limit; the server's buffers are derived from it. */
  readonly memory: Size | SizeText;
  /** CPUs, fractions allowed; parallel queries are derived from it. @default unlimited */
  readonly cpus?: number;
  /** Lets applications share connections of the server. @default none: each of theirs is one of the server's */
  readonly pooler?: Pooler;
  /** Where the data files live. @default the engine's own volumes */
  readonly storage?: Storage;
  /** Connections the server accepts. @default 100 */
  readonly connections?: number;
  /**
   * Major version. Another one than the data has is refused by the server itself, which then waits for
   * `npm run upgrade`.
   * @default 17
   */
  readonly version?: PostgresVersion;
  /**
   * Extensions in the database of every application. One that is taken out of the list stays where it is.
   * @default none
   */
  readonly extensions?: readonly Extension[];
  /** Statements that take longer are logged, with their text. @default 1 second */
  readonly logSlowerThan?: Duration | DurationText;
  /** How long a start may take until it is first healthy, after a crash for example. @default 90 seconds */
  readonly startPeriod?: Duration | DurationText;
  /** How long a stop may take before the server is killed. @default 2 minutes */
  readonly stopGrace?: Duration | DurationText;
  /** Ports on the host; a rule refuses any, because the edge alone is published. @default none */
  readonly publish?: readonly PublishedPort[];
  /** Refuse to destroy the data. @default true outside of development */
  readonly keep?: boolean;
}

/** A PostgreSQL server. */
export class Postgres extends Construct implements Module, Service<DatabaseGrant> {
  readonly kind = "database";
  readonly name: Name;
  readonly #environment: Environment;
  readonly #props: PostgresProps;
  readonly #memory: Size;
  readonly #maxConnections: number;
  readonly #storage: Storage;
  readonly #stopGrace: Duration;
  readonly #logSlowerThan: Duration;
  readonly #startPeriod: Duration;
  readonly #version: PostgresVersion;
  readonly #image: Build;
  readonly #extensions: readonly Extension[];
  readonly #network: Network;
  readonly #identity: ServerIdentity;
  readonly #tenancy: Tenancy;
  #archive: Archive | undefined;

  constructor(scope: Construct, id: string, props: PostgresProps) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#environment = Environment.of(this);
    this.#props = props;
    this.#memory = Size.of(props.memory);
    this.#maxConnections = countOf(props.connections ?? 100, {
      of: "connections",
      // PostgreSQL's own limit.
      most: 262_143,
      fix: "Write connections: 100",
    });
    if (props.cpus !== undefined && !(props.cpus >= 0.1 && props.cpus <= 1024)) {
      throw new InvalidValue({
        what: "number of CPUs",
        got: String(props.cpus),
        allowed: "a number from 0.1 to 1024",
        fix: "Write cpus: 2, or leave it out for all that there are",
      });
    }
    this.#storage = props.storage ?? LocalDisk.volumes();
    this.#stopGrace = Duration.of(props.stopGrace ?? "2 minutes");
    this.#logSlowerThan = Duration.of(props.logSlowerThan ?? "1 second");
    this.#startPeriod = Duration.of(props.startPeriod ?? "90 seconds");
    this.#version = props.version ?? DEFAULT_VERSION;
    this.#image = serverImage(this.#version);
    this.#extensions = knownExtensions(props.extensions ?? []);
    this.#network = { name: this.name, internal: true };
    this.#identity = new ServerIdentity(this.name);
    this.#tenancy = new Tenancy(this.name, props.pooler);
    this.#environment.add(this);
  }

  get path(): string {
    return this.node.path;
  }

  grant(consumer: Consumer): DatabaseGrant {
    if (RESERVED.has(consumer.name.text)) {
      throw new InvalidValue({
        what: `name of an application that uses ${this.path}`,
        got: consumer.name.text,
        allowed: "a name that PostgreSQL does not use itself",
        fix: `Name it "${consumer.name}-app"`,
      });
    }
    this.#tenancy.admit(consumer);
    const role = consumer.name;
    const password = this.#tenancy.password(consumer);
    const certificate = certificatePath(this.name.text);
    const { pooler } = this.#props;
    const host = pooler === undefined ? this.name : poolerName(this.name);
    const url = (name: string, host: Name) => {
      const address = `${host}:${PORT}/${role}?sslmode=verify-full&sslrootcert=${certificate}`;
      return Secret.text(`${this.name}_${role}_${name}`)`postgresql://${role.text}:${password}@${address}`;
    };
    return {
      kind: "database",
      service: this.path,
      name: this.name,
      network: this.#network,
      host: host.text,
      port: PORT,
      database: role.text,
      url: url("url", host),
      ...(pooler !== undefined && { directUrl: url("direct-url", this.name) }),
      certificate: this.#identity.certificate,
    };
  }

  /**
   * Hands all that is written over to a backup, as it is written. Constructors of backups call it.
   * @throws InvalidValue for a second one
   */
  archiveTo(archive: Archive): void {
    if (this.#archive !== undefined) {
      throw new InvalidValue({
        what: `backups of ${this.path}`,
        got: `${this.#archive.backup} and ${archive.backup}`,
        allowed: "one",
        fix: "Name it once",
      });
    }
    this.#archive = archive;
  }

  /** What a backup reads: the volume with the data, and the folder of the data as the server sees it. */
  get backedUp(): { readonly data: VolumeMount; readonly dataFolder: string } {
    return { data: this.#data(), dataFolder: `${DATA}/${this.#version}` };
  }

  /** Lets a replica follow, which asks for it itself. */
  followedBy(follower: Follower): Primary {
    this.#tenancy.follow(follower);
    return {
      path: this.path,
      host: this.name.text,
      port: PORT,
      network: this.#network,
      certificate: this.#identity.certificate,
      replicationPassword: this.#tenancy.replicationPassword,
      dataPath: DATA,
      memory: this.#memory,
      model: this.#model,
      workload: this.#server,
      password: (consumer) => this.#tenancy.password(consumer),
      read: (consumer) => this.#tenancy.read(consumer),
    };
  }

  workloads(): readonly Workload[] {
    const { tenants, helpers, slots, backlog, secrets } = this.#tenancy;
    const archive = this.#archive;
    const { name } = this;
    const { pooler } = this.#props;
    return [
      {
        ...this.#server,
        name,
        role: "database",
        files: [
          {
            path: "/etc/slipway/postgresql.conf",
            content: postgresqlConf({ ...this.#model, backlog, settings: archive?.settings }),
            needsRestart: true,
          },
          { path: "/etc/slipway/pg_hba.conf", content: pgHba(tenants, helpers) },
          {
            path: "/etc/slipway/roles.sql",
            content: rolesSql(tenants, helpers, slots) + extensionsSql(tenants, this.#extensions),
          },
          ...(archive?.files ?? []),
        ],
        secrets: [...this.#identity.files(), ...secrets, ...(archive?.secrets ?? [])],
        volumes: [this.#data(), ...(archive?.volumes ?? [])],
        networks: [this.#network, ...(archive?.networks ?? [])],
        ports: this.#props.publish ?? [],
        health: { command: ["health"], startPeriod: this.#startPeriod },
      },
      ...(pooler === undefined ? [] : [this.#pooler(pooler)]),
    ];
  }

  describe(): Contribution {
    const { pooler } = this.#props;
    return {
      databases: [
        {
          path: this.path,
          version: this.#version,
          storage: this.#storage,
          maxConnections: this.#maxConnections,
          ...(pooler !== undefined && {
            pool: {
              mode: pooler.mode,
              size: pooler.size,
              opened: this.#tenancy.opened,
            },
          }),
        },
      ],
    };
  }

  #data(): VolumeMount {
    return {
      volume: {
        name: `${this.name}-data`,
        storage: this.#storage,
        folder: this.name.text,
        keep: this.#props.keep ?? this.#environment.purpose === "production",
      },
      path: DATA,
    };
  }

  get #model(): ServerModel {
    return {
      memory: this.#memory,
      maxConnections: this.#maxConnections,
      cpus: this.#props.cpus,
      logSlowerThan: this.#logSlowerThan,
    };
  }

  /** What a replica has in common with it. */
  get #server(): Primary["workload"] {
    return {
      image: this.#image,
      replicas: 1,
      user: USER,
      // For what the server says of itself when it cannot start.
      environment: {
        SLIPWAY_STACK: this.#environment.node.id,
        SLIPWAY_STORAGE: this.#storage.description,
      },
      limits: { memory: this.#memory, ...(this.#props.cpus !== undefined && { cpus: this.#props.cpus }) },
      capabilities: [],
      sharedMemory: Size.mebibytes(Math.max(64, Math.floor(this.#memory.mebibytes / 4))),
      // SIGINT is PostgreSQL's fast shutdown: sessions end, data is written, nothing has to be recovered.
      stop: { signal: "SIGINT", grace: this.#stopGrace },
      release: "stop-first",
      // Who may get in changes more often than the server itself, and must not stop it.
      reconfigurable: true,
    };
  }

  #pooler(pooler: Pooler): Workload {
    return poolerWorkload({
      pooler,
      server: this.name,
      port: PORT,
      identity: this.#identity,
      network: this.#network,
      password: this.#tenancy.poolerPassword,
      tenants: this.#tenancy.consumers.map((consumer) => ({
        name: consumer.name,
        password: this.#tenancy.password(consumer),
        clients: consumer.connections,
      })),
    });
  }
}
