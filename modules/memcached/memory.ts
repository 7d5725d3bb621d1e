import type { Size } from "../values/size.ts";

/** How much of an instance's memory holds items, and in chunks of which sizes. */
export interface CacheMemory {
  /** MiB, memcached's `-m`. */
  readonly items: number;
  /** Each class of chunks is so many times larger than the one before, memcached's `-f`. */
  readonly growth: number;
}

/** MiB for 1024 connections with their buffers, threads, and the hash table that an empty server begins with. */
const OWN = 8;
/**
 * A full memcached still gives each class of chunks a page of 1 MiB, beyond `-m`: there are 39 with its own growth of
 * 1.25, and 13 with 2, which wastes more of each chunk and pays for a small server (measured with 1.6.38: `-m 51` and 39
 * classes grew to 95 MiB, so a limit of 64 MiB killed it).
 */
const CLASSES = [
  { growth: 2, pages: 13, below: 256 },
  { growth: 1.25, pages: 39, below: Number.POSITIVE_INFINITY },
] as const;

/** The memory of an instance that is not killed for its size, however it is filled. */
export function cacheMemory({ mebibytes }: Size): CacheMemory {
  const { growth, pages } = CLASSES.find(({ below }) => mebibytes < below) ?? CLASSES[1];
  // The hash table takes an eighth of the smallest items, while it grows.
  return { items: Math.max(1, Math.floor(((mebibytes - pages - OWN) * 8) / 9)), growth };
}
