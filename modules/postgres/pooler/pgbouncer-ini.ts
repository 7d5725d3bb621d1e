import { GONE } from "../gone-clients.ts";
import type { PoolMode } from "./pooler.ts";

/** What the configuration depends on. */
export interface PoolerModel {
  readonly mode: PoolMode;
  /** Connections to the server for each database. */
  readonly size: number;
  /** Connections of all clients together. */
  readonly clients: number;
  /** Name of the server, as its certificate has it. */
  readonly server: string;
  readonly port: number;
  readonly databases: readonly string[];
}

/** Connections beside those of applications: the health check and a person. */
const OTHERS = 20;

/** Where the pooler asks for its own health, and who it is there. */
export const PROBE = { database: "postgres", role: "slipway_pooler", connections: 5 } as const;

/** The text of `pgbouncer.ini` for PgBouncer 1.24. */
export function pgbouncerIni({ mode, size, clients, server, port, databases }: PoolerModel): string {
  const lines = databases.map((name) => `${name} = host=${server} port=${port} dbname=${name}\n`).join("");
  return `; Written by Slipway from what uses the database.
[databases]
${lines}${PROBE.database} = host=${server} port=${port} dbname=${PROBE.database} pool_size=1

[pgbouncer]
listen_addr = *
listen_port = ${port}
unix_socket_dir = /run/pgbouncer
auth_type = scram-sha-256
auth_file = /run/secrets/userlist.txt
stats_users = ${PROBE.role}

pool_mode = ${mode}
default_pool_size = ${size}
max_client_conn = ${clients + OTHERS}
; Kept for each connection to the server, so that drivers may prepare statements under transaction pooling.
max_prepared_statements = 200
; Limits that clients name as they connect (-c statement_timeout=…) have no meaning for a connection that they share: left
; out, and the connection is made. Whatever decides which data is meant, such as search_path, stays refused.
ignore_startup_parameters = extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout
; After a session; a transaction leaves nothing behind.
server_reset_query = DISCARD ALL

client_tls_sslmode = require
client_tls_protocols = secure
client_tls_cert_file = /run/secrets/server.crt
client_tls_key_file = /run/secrets/server.key
; Clients show no certificate, but without this it wants the file of the public authorities.
client_tls_ca_file = /run/secrets/server.crt
server_tls_sslmode = verify-full
server_tls_protocols = secure
server_tls_ca_file = /run/secrets/server.crt

; A client that waits for longer is told so, before an edge gives up on its request.
query_wait_timeout = 30
; A server that was away is asked again after a second, not after fifteen.
server_login_retry = 1
server_connect_timeout = 5
tcp_keepalive = 1
tcp_keepidle = ${GONE.idle.seconds}
tcp_keepintvl = ${GONE.interval.seconds}
tcp_keepcnt = ${GONE.count}
tcp_user_timeout = ${GONE.unacknowledged.milliseconds}

log_connections = 0
log_disconnections = 0
stats_period = 300
`;
}
