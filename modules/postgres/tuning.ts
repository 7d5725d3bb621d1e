import { Size } from "../values/size.ts";

/** Memory settings of a server, as `postgresql.conf` wants them. */
export interface Tuning {
  readonly sharedBuffers: Size;
  readonly effectiveCacheSize: Size;
  readonly maintenanceWorkMem: Size;
  readonly walBuffers: Size;
  readonly workMem: Size;
}

const KIB = 1024;

/**
 * The memory settings for a web application by pgtune's published formulas: a quarter of the memory for shared
 * buffers, three quarters assumed for the cache of the system, a sixteenth for maintenance.
 *
 * @param memory limit of the container
 * @param connections upper limit of connections
 */
export function tune(memory: Size, connections: number): Tuning {
  const shared = Math.floor(memory.bytes / 4);
  const parallelWorkers = 8;
  return {
    sharedBuffers: kibibytes(shared),
    effectiveCacheSize: kibibytes((memory.bytes * 3) / 4),
    maintenanceWorkMem: kibibytes(Math.min(memory.bytes / 16, 2 * KIB ** 3)),
    walBuffers: kibibytes(Math.min(Math.max((shared * 3) / 100, 32 * KIB), 16 * KIB ** 2)),
    workMem: kibibytes(Math.max((memory.bytes - shared) / ((connections + parallelWorkers) * 3), 64 * KIB)),
  };
}

function kibibytes(bytes: number): Size {
  return Size.bytes(Math.floor(bytes / KIB) * KIB);
}
