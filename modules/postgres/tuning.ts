import { Size } from "../values/size.ts";

/** What settings are derived from. */
export interface Resources {
  /** Limit of the container. */
  readonly memory: Size;
  /** Upper limit of connections. */
  readonly connections: number;
  /** Limit of the container; fractions count for nothing. @default unknown */
  readonly cpus?: number | undefined;
}

/** Settings by their names in `postgresql.conf`. */
export interface Tuning {
  readonly shared_buffers: Size;
  readonly effective_cache_size: Size;
  readonly maintenance_work_mem: Size;
  readonly work_mem: Size;
  readonly wal_buffers: Size;
  readonly min_wal_size: Size;
  readonly max_wal_size: Size;
  readonly huge_pages: "try" | "off";
  readonly checkpoint_completion_target: number;
  readonly random_page_cost: number;
  readonly effective_io_concurrency: number;
  readonly default_statistics_target: number;
  readonly jit: "off";
  readonly wal_compression: "lz4";
  /** Set where maintenance may take more than each of several workers should. */
  readonly autovacuum_work_mem?: Size;
  readonly autovacuum_max_workers?: number;
  /** Set from four CPUs on, as the others of parallel work. */
  readonly max_worker_processes?: number;
  readonly max_parallel_workers_per_gather?: number;
  readonly max_parallel_workers?: number;
  readonly max_parallel_maintenance_workers?: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** Worker processes where nothing says otherwise: PostgreSQL's default. */
const WORKERS = 8;

/**
 * The settings for a web application on Linux and a solid-state disk by pgtune's published formulas
 * (github.com/le0pard/pgtune, src/features/configuration/configurationSlice.js, July 2026).
 *
 * Different on purpose:
 * - `min_wal_size` and `max_wal_size` are half and twice the memory until that is pgtune's 1 and 4 GiB: a server with 512
 *   MiB stands on a small disk as a rule, and has all of it to read again after a crash.
 * - `io_method` is left alone: pgtune's `io_uring` is among the calls that Docker's seccomp profile refuses.
 */
export function tune({ memory, connections, cpus = 0 }: Resources): Tuning {
  const cores = Math.floor(cpus);
  const shared = kibibytes(memory.bytes / 4);
  const maintenance = Math.min(memory.bytes / 16, 8 * GIB);
  const workers = cores < 4 ? WORKERS : cores;
  return {
    shared_buffers: shared,
    effective_cache_size: kibibytes((memory.bytes * 3) / 4),
    maintenance_work_mem: kibibytes(maintenance),
    // Never below PostgreSQL's default, although all connections sorting at once would then exceed the limit.
    work_mem: kibibytes(Math.max((memory.bytes - shared.bytes) / ((connections + workers) * 3), 4 * MIB)),
    wal_buffers: walBuffers(shared),
    min_wal_size: kibibytes(Math.min(memory.bytes / 2, GIB)),
    max_wal_size: kibibytes(Math.min(memory.bytes * 2, 4 * GIB)),
    huge_pages: shared.bytes >= 2 * GIB ? "try" : "off",
    checkpoint_completion_target: 0.9,
    random_page_cost: 1.1,
    effective_io_concurrency: 200,
    default_statistics_target: 100,
    jit: "off",
    wal_compression: "lz4",
    ...(maintenance >= 2 * GIB && { autovacuum_work_mem: Size.bytes(2 * GIB) }),
    ...(cores >= 16 && { autovacuum_max_workers: cores >= 32 ? 5 : 4 }),
    ...(cores >= 4 && {
      max_worker_processes: cores,
      max_parallel_workers_per_gather: Math.min(Math.ceil(cores / 2), 4),
      max_parallel_workers: cores,
      max_parallel_maintenance_workers: Math.min(Math.ceil(cores / 2), 4),
    }),
  };
}

/** 3 % of the shared buffers, from 32 KiB to the size of a WAL segment, which it is too when it would be nearly. */
function walBuffers(shared: Size): Size {
  const share = kibibytes((shared.bytes * 3) / 100);
  if (share.bytes > 14 * MIB) return Size.bytes(16 * MIB);
  return Size.bytes(Math.max(share.bytes, 32 * 1024));
}

function kibibytes(bytes: number): Size {
  return Size.bytes(Math.floor(bytes / 1024) * 1024);
}
