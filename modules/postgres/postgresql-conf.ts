import type { Size } from "../values/size.ts";
import { tune } from "./tuning.ts";

/** What the configuration depends on. */
export interface ServerModel {
  readonly memory: Size;
  readonly maxConnections: number;
}

/** The text of `postgresql.conf`. */
export function postgresqlConf({ memory, maxConnections }: ServerModel): string {
  const { sharedBuffers, effectiveCacheSize, maintenanceWorkMem, walBuffers, workMem } = tune(
    memory,
    maxConnections,
  );
  return `# Written by Slipway from the database's memory limit of ${memory}.
listen_addresses = '*'
port = 5432
unix_socket_directories = '/run/postgresql'
max_connections = ${maxConnections}
password_encryption = scram-sha-256

shared_buffers = ${kB(sharedBuffers)}
effective_cache_size = ${kB(effectiveCacheSize)}
maintenance_work_mem = ${kB(maintenanceWorkMem)}
work_mem = ${kB(workMem)}
wal_buffers = ${kB(walBuffers)}
min_wal_size = 256MB
max_wal_size = 1GB
checkpoint_completion_target = 0.9
random_page_cost = 1.1
effective_io_concurrency = 200
default_statistics_target = 100

log_destination = stderr
logging_collector = off
log_timezone = UTC
timezone = UTC
log_line_prefix = '%m [%p] %q%u@%d '
log_min_duration_statement = 1s
log_checkpoints = on
log_lock_waits = on
log_temp_files = 0
log_autovacuum_min_duration = 10s

idle_in_transaction_session_timeout = 5min
tcp_keepalives_idle = 60
`;
}

function kB(size: Size): string {
  return `${size.bytes / 1024}kB`;
}
