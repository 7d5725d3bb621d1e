/**
 * Where files live.
 *
 *     new SharedFolders(this, "shared", { on: Nfs.v4("10.0.0.20", "/tank/web2py") });
 */

/** Options of a Docker volume with the built-in `local` driver; empty for the engine's own folder. */
export type DriverOptions = Readonly<Record<string, string>>;

/** A place that volumes are made on. */
export interface Storage {
  /** In words, for messages and reviews: `nfs 10.0.0.20:/tank/web2py`. */
  readonly description: string;
  /**
   * What is shared by everything on this storage: the disk, pool or server. Two storages whose `device` is equal, or
   * lies within the other, compete for the same spindles and fail together.
   */
  readonly device: string;
  /** Can machines other than the one with the disk mount it? */
  readonly reachable: "one host" | "many hosts";
  /** Do file locks hold for everybody who mounts it? Sessions and caches need them (recipe 12). */
  readonly locks: boolean;
  /** Options that make a Docker volume of one folder on this storage. */
  driverOptions(folder: string): DriverOptions;
}

/** Does one storage lie on the same device as the other? */
export function shareDevice(one: Storage, other: Storage): boolean {
  return sameDevice(one.device, other.device);
}

/** Is one device the other, or a part of it? */
export function sameDevice(one: string, other: string): boolean {
  return within(one, other) || within(other, one);
}

function within(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}
