import type { Duration } from "../values/duration.ts";
import { Size } from "../values/size.ts";
import { GONE } from "./gone-clients.ts";
import { tune } from "./tuning.ts";

/** What the configuration depends on. */
export interface ServerModel {
  readonly memory: Size;
  readonly maxConnections: number;
  /** @default unlimited */
  readonly cpus?: number | undefined;
  /** @default 1 second */
  readonly logSlowerThan?: Duration;
  /** More of them, which count where one is named above as well. @default none */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Changes that are kept for a replica that is away, or was and is forgotten. @default 4 GiB */
  readonly backlog?: Size | undefined;
}

/** The text of `postgresql.conf`. */
export function postgresqlConf(model: ServerModel): string {
  const { memory, maxConnections, cpus, logSlowerThan, backlog = Size.gibibytes(4), settings = {} } = model;
  const tuning = tune({ memory, connections: maxConnections, cpus });
  return `# Written by Slipway from the database's memory limit of ${memory}${cpus === undefined ? "" : ` and its ${cpus} CPUs`}.
listen_addresses = '*'
port = 5432
unix_socket_directories = '/run/postgresql'
max_connections = ${maxConnections}
password_encryption = scram-sha-256
ssl = on
ssl_min_protocol_version = 'TLSv1.2'
ssl_cert_file = '/run/secrets/server.crt'
ssl_key_file = '/dev/shm/slipway/server.key'

${Object.entries(tuning)
  .map(([setting, value]) => `${setting} = ${value instanceof Size ? kB(value) : value}\n`)
  .join("")}max_slot_wal_keep_size = ${kB(backlog)}

log_destination = stderr
logging_collector = off
log_timezone = UTC
timezone = UTC
log_line_prefix = '%m [%p] %q%u@%d '
log_min_duration_statement = ${logSlowerThan?.milliseconds ?? 1000}ms
log_checkpoints = on
log_lock_waits = on
log_temp_files = 0
log_autovacuum_min_duration = 10s

idle_in_transaction_session_timeout = 5min
tcp_keepalives_idle = ${GONE.idle.seconds}s
tcp_keepalives_interval = ${GONE.interval.seconds}s
tcp_keepalives_count = ${GONE.count}
tcp_user_timeout = ${GONE.unacknowledged.seconds}s
${Object.entries(settings)
  .map(([setting, value]) => `${setting} = ${value}\n`)
  .join("")}`;
}

function kB(size: Size): string {
  return `${size.bytes / 1024}kB`;
}
