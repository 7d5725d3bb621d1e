import { fileURLToPath } from "node:url";
import type { Network } from "../../engine/network.ts";
import type { Workload } from "../../engine/workload.ts";
import { Duration } from "../../values/duration.ts";
import { Name } from "../../values/name.ts";
import { Secret } from "../../values/secret.ts";
import type { ServerIdentity } from "../server-identity.ts";
import { PROBE, pgbouncerIni } from "./pgbouncer-ini.ts";
import type { Pooler } from "./pooler.ts";

/** Of the user in the image. */
const USER = 6432;

/** An application whose connections are pooled. */
export interface PooledTenant {
  readonly name: Name;
  readonly password: Secret;
  /** Connections that all its nodes together may open to the pooler. */
  readonly clients: number;
}

export interface PoolerWorkloadProps {
  readonly pooler: Pooler;
  /** Name of the database server. */
  readonly server: Name;
  readonly port: number;
  readonly identity: ServerIdentity;
  /** Of the database. */
  readonly network: Network;
  /** Of the role that asks for its health. */
  readonly password: Secret;
  readonly tenants: readonly PooledTenant[];
}

/** Name of the pooler of a server, which is in the server's certificate. */
export const poolerName = (server: Name): Name => Name.of(`${server}-pooler`);

/** PgBouncer on the network of its database. */
export function poolerWorkload(props: PoolerWorkloadProps): Workload {
  const { pooler, server, port, identity, network, password, tenants } = props;
  const users = [
    ...tenants.map(({ name, password }) => [`"${name}" "`, password, '"\n']),
    [`"${PROBE.role}" "`, password, '"\n'],
  ].flat();
  return {
    name: poolerName(server),
    role: "pooler",
    image: {
      name: Name.of("pgbouncer"),
      context: [
        { folder: fileURLToPath(new URL("image", import.meta.url)), into: "" },
        { folder: fileURLToPath(new URL("../../engine/image", import.meta.url)), into: "" },
      ],
      args: {},
    },
    replicas: 1,
    user: USER,
    environment: {},
    files: [
      {
        path: "/etc/slipway/pgbouncer.ini",
        content: pgbouncerIni({
          mode: pooler.mode,
          size: pooler.size,
          clients: tenants.reduce((sum, { clients }) => sum + clients, 0),
          server: server.text,
          port,
          databases: tenants.map(({ name }) => name.text),
        }),
      },
    ],
    secrets: [
      ...identity.files(),
      { secret: Secret.composed(`${server}_pooler_users`, users), path: "/run/secrets/userlist.txt" },
      { secret: password, path: "/run/secrets/pooler-password" },
    ],
    volumes: [],
    networks: [network],
    ports: [],
    health: { command: ["health"], startPeriod: Duration.of("90 seconds") },
    limits: { memory: pooler.memory },
    capabilities: [],
    // PgBouncer's "safe shutdown": new connections are refused, transactions end, then clients are let go.
    stop: { signal: "SIGINT", grace: Duration.of("30 seconds") },
    release: "start-first",
    reconfigurable: true,
  };
}
