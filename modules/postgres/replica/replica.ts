/**
 * A second server that follows a database and answers reads.
 *
 *     const replica = new Replica(this, "db-replica", { of: db });
 *     shop.uses(db);
 *     shop.uses(replica);
 */
import { Construct } from "constructs";
import { certificatePath } from "../../app/database-trust.ts";
import type { Consumer, ReplicaGrant, Service } from "../../app/service.ts";
import type { Network } from "../../engine/network.ts";
import type { Workload } from "../../engine/workload.ts";
import { Environment } from "../../environment/environment.ts";
import type { Contribution, Module } from "../../environment/module.ts";
import { LocalDisk } from "../../storage/local-disk.ts";
import type { Storage } from "../../storage/storage.ts";
import { Duration, type DurationText } from "../../values/duration.ts";
import { InvalidValue } from "../../values/invalid-value.ts";
import { Name } from "../../values/name.ts";
import { Secret } from "../../values/secret.ts";
import { Size, type SizeText } from "../../values/size.ts";
import { pgHba } from "../grants.ts";
import type { Postgres } from "../postgres.ts";
import { postgresqlConf } from "../postgresql-conf.ts";
import { ServerIdentity } from "../server-identity.ts";
import type { Primary } from "./primary.ts";
import { conninfo, PRIMARY_CERTIFICATE, REPLICATION_ROLE, replicaConf, slotOf } from "./replica-conf.ts";

export interface ReplicaProps {
  /** The database that it follows. */
  readonly of: Postgres;
  /** Hard limit. @default that of the primary */
  readonly memory?: Size | SizeText;
  /** Where its copy of the data lives; another disk than the primary's makes it worth more. @default the engine's own volumes */
  readonly storage?: Storage;
  /** How old what it answers may be, and how long it may be without its primary, until it is unhealthy. @default 1 minute */
  readonly lag?: Duration | DurationText;
  /**
   * Changes that the primary keeps for it while it is away. When there are more it is given up, so that the primary's disk
   * does not fill, and has to be copied anew. @default 4 GiB
   */
  readonly backlog?: Size | SizeText;
  /** How long the first copy of the primary may take. @default 30 minutes */
  readonly startPeriod?: Duration | DurationText;
}

/** A read-only copy of a PostgreSQL server by streaming replication; nobody promotes it but a person. */
export class Replica extends Construct implements Module, Service<ReplicaGrant> {
  readonly kind = "replica";
  readonly name: Name;
  readonly #primary: Primary;
  readonly #memory: Size;
  readonly #storage: Storage;
  readonly #lag: Duration;
  readonly #startPeriod: Duration;
  readonly #network: Network;
  readonly #identity: ServerIdentity;
  readonly #consumers: Consumer[] = [];

  constructor(scope: Construct, id: string, props: ReplicaProps) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    const environment = Environment.of(this);
    if (Environment.of(props.of) !== environment) {
      throw new InvalidValue({
        what: `primary of ${this.path}`,
        got: props.of.path,
        allowed: "a database of the same stack",
        fix: "Create the database in this stack",
      });
    }
    this.#primary = props.of.followedBy({
      slot: slotOf(this.name),
      backlog: Size.of(props.backlog ?? "4 GiB"),
    });
    this.#memory = Size.of(props.memory ?? this.#primary.memory);
    this.#storage = props.storage ?? LocalDisk.volumes();
    this.#lag = Duration.of(props.lag ?? "1 minute");
    if (this.#lag.seconds < 1) {
      throw new InvalidValue({
        what: `lag of ${this.path}`,
        got: this.#lag.toString(),
        allowed: "1 second or more",
        fix: 'Write lag: "1 minute"',
      });
    }
    this.#startPeriod = Duration.of(props.startPeriod ?? "30 minutes");
    this.#network = { name: this.name, internal: true };
    this.#identity = new ServerIdentity(this.name);
    environment.add(this);
  }

  get path(): string {
    return this.node.path;
  }

  /** The database of the application as it is on the primary, by the same role and password, for reading. */
  grant(consumer: Consumer): ReplicaGrant {
    this.#consumers.push(consumer);
    this.#primary.read(consumer);
    const role = consumer.name;
    const password = this.#primary.password(consumer);
    const address = `${this.name}:${this.#primary.port}/${role}?sslmode=verify-full&sslrootcert=${certificatePath(this.name.text)}`;
    return {
      kind: "replica",
      service: this.path,
      name: this.name,
      network: this.#network,
      url: Secret.text(`${this.name}_${role}_url`)`postgresql://${role.text}:${password}@${address}`,
      certificate: this.#identity.certificate,
    };
  }

  workloads(): readonly Workload[] {
    const { name } = this;
    const primary = this.#primary;
    const tenants = this.#consumers.map(({ name, connections }) => ({ name, connections, passwordFile: "" }));
    return [
      {
        ...primary.workload,
        name,
        role: "replica",
        environment: {
          ...primary.workload.environment,
          SLIPWAY_STORAGE: this.#storage.description,
          SLIPWAY_PRIMARY: conninfo(name, primary),
          SLIPWAY_SLOT: slotOf(name),
          SLIPWAY_LAG: String(this.#lag.seconds),
        },
        files: [
          {
            path: "/etc/slipway/postgresql.conf",
            content: postgresqlConf({ ...primary.model, memory: this.#memory }) + replicaConf(name, primary),
            needsRestart: true,
          },
          { path: "/etc/slipway/pg_hba.conf", content: pgHba(tenants) },
          // Roles come from the primary.
          { path: "/etc/slipway/roles.sql", content: "SELECT pg_is_in_recovery() \\g /dev/null\n" },
        ],
        secrets: [
          ...this.#identity.files(),
          { secret: primary.certificate, path: PRIMARY_CERTIFICATE },
          {
            secret: Secret.text(
              `${name}_replication`,
            )`*:*:*:${REPLICATION_ROLE}:${primary.replicationPassword}\n`,
            path: "/run/secrets/replication",
          },
        ],
        volumes: [
          {
            // It can always be copied anew.
            volume: { name: `${name}-data`, storage: this.#storage, folder: name.text, keep: false },
            path: primary.dataPath,
          },
        ],
        networks: [this.#network, primary.network],
        ports: [],
        health: { command: ["replica-health"], startPeriod: this.#startPeriod },
        limits: { ...primary.workload.limits, memory: this.#memory },
      },
    ];
  }

  describe(): Contribution {
    return {
      databases: [
        {
          path: this.path,
          storage: this.#storage,
          maxConnections: this.#primary.model.maxConnections,
          replicaOf: this.#primary.path,
        },
      ],
    };
  }
}
