import type { Consumer } from "../app/service.ts";
import type { SecretFile } from "../engine/workload.ts";
import type { Name } from "../values/name.ts";
import { Secret } from "../values/secret.ts";
import type { Size } from "../values/size.ts";
import type { Helper, Tenant } from "./grants.ts";
import { PROBE } from "./pooler/pgbouncer-ini.ts";
import type { Pooler } from "./pooler/pooler.ts";
import type { Follower } from "./replica/primary.ts";
import { REPLICATION_ROLE } from "./replica/replica-conf.ts";

/** Connections of a migration beside its lock, and of a person who looks at it. */
const MIGRATING = 5;

/** Who is let into a server: applications, its pooler, its replicas. Asked when the stack is written. */
export class Tenancy {
  readonly #server: Name;
  readonly #pooler: Pooler | undefined;
  readonly #consumers: Consumer[] = [];
  readonly #followers: Follower[] = [];
  /** Applications that open connections to a replica as well. */
  readonly #readers = new Set<string>();

  constructor(server: Name, pooler: Pooler | undefined) {
    this.#server = server;
    this.#pooler = pooler;
  }

  admit(consumer: Consumer): void {
    this.#consumers.push(consumer);
  }

  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  read({ name }: Consumer): void {
    this.#readers.add(name.text);
  }

  get consumers(): readonly Consumer[] {
    return this.#consumers;
  }

  get tenants(): readonly Tenant[] {
    return this.#consumers.map((consumer) => ({
      name: consumer.name,
      passwordFile: this.#passwordFile(consumer),
      connections: this.#limit(consumer),
    }));
  }

  get helpers(): readonly Helper[] {
    return [
      ...(this.#pooler === undefined
        ? []
        : [
            {
              role: PROBE.role,
              database: PROBE.database,
              passwordFile: "/run/secrets/pooler-password",
              connections: PROBE.connections,
            },
          ]),
      ...(this.#followers.length === 0
        ? []
        : [
            {
              role: REPLICATION_ROLE,
              database: "replication" as const,
              passwordFile: "/run/secrets/replication-password",
              // Two for each copy that is being made, and one that has not been noticed to be gone.
              connections: this.#followers.length * 3,
            },
          ]),
    ];
  }

  get slots(): readonly string[] {
    return this.#followers.map(({ slot }) => slot);
  }

  /** The most that is kept for one replica. */
  get backlog(): Size | undefined {
    return this.#followers.map(({ backlog }) => backlog).sort((a, b) => b.compare(a))[0];
  }

  /** Connections that the pooler and migrations may open. */
  get opened(): number {
    return this.#consumers.reduce<number>((sum, consumer) => sum + this.#pooled(consumer), PROBE.connections);
  }

  /** The passwords, where SQL for roles reads them. */
  get secrets(): readonly SecretFile[] {
    return [
      ...this.#consumers.map((consumer) => ({
        secret: this.password(consumer),
        path: this.#passwordFile(consumer),
      })),
      ...(this.#pooler === undefined
        ? []
        : [{ secret: this.poolerPassword, path: "/run/secrets/pooler-password" }]),
      ...(this.#followers.length === 0
        ? []
        : [{ secret: this.replicationPassword, path: "/run/secrets/replication-password" }]),
    ];
  }

  password(consumer: Consumer): Secret {
    return Secret.generated(`${this.#server}_${consumer.name}_password`);
  }

  get poolerPassword(): Secret {
    return Secret.generated(`${this.#server}_slipway-pooler_password`);
  }

  get replicationPassword(): Secret {
    return Secret.generated(`${this.#server}_slipway-replication_password`);
  }

  #passwordFile(consumer: Consumer): string {
    return `/run/secrets/${consumer.name}-password`;
  }

  /** Roles of a replica have the limits of the primary, and there nothing is pooled. */
  #limit(consumer: Consumer): number {
    if (this.#pooler === undefined) return consumer.connections;
    const pooled = this.#pooled(consumer);
    return this.#readers.has(consumer.name.text) ? Math.max(pooled, consumer.connections) : pooled;
  }

  /** The pool, and past it the locks of nodes that start, with the one that migrates. */
  #pooled({ nodes = 1 }: Consumer): number {
    return (this.#pooler?.size ?? 0) + nodes + MIGRATING;
  }
}
