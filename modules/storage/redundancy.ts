/** How the disks of a pool of ZFS stand together, zpoolconcepts(7). */
export const POOL_LAYOUTS = ["mirror", "raidz1", "raidz2", "raidz3", "none"] as const;
export type PoolLayout = (typeof POOL_LAYOUTS)[number];

/**
 * What keeps files when a disk dies; `replicated` is a disk that the hoster keeps several copies of. A backup is none of
 * these: until it is restored the application stands still, and what came after it is lost.
 */
export type Redundancy = PoolLayout | "raid1" | "raid5" | "raid6" | "raid10" | "replicated";
