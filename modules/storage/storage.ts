/**
 * Where files live.
 *
 *     new SharedFolders(this, "shared", { on: Nfs.v4("10.0.0.20", "/tank/web2py") });
 */
import type { Name } from "../values/name.ts";
import type { MountOption } from "./mount-option.ts";
import type { Redundancy } from "./redundancy.ts";

/** Options of a Docker volume with the built-in `local` driver; empty for the engine's own folder. */
export type DriverOptions = Readonly<Record<string, string>>;

/** A machine that serves files, and where it listens. */
export interface FileServer {
  readonly protocol: "nfs" | "smb";
  /** A name or an IPv4 address. */
  readonly host: string;
  readonly port: number;
}

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
  /** What keeps the files when a disk dies; undefined where nobody said it. */
  readonly redundancy: Redundancy | undefined;
  /** What it is mounted with, and why. */
  readonly mountOptions: readonly MountOption[];
  /** What has to answer before it can be mounted. @default nothing: the disk is the host's own */
  readonly server?: FileServer;
  /** The workload of the stack that serves it; what mounts it waits until that is healthy. @default none of the stack */
  readonly servedBy?: Name;
  /** What the kernel calls it, such as `nfs4`: a folder of another kind is one whose storage is not mounted. @default any */
  readonly filesystem?: string;
  /** Options that make a Docker volume of one folder on this storage. */
  driverOptions(folder: string): DriverOptions;
  /**
   * The same for all of the storage, where folders are made by whoever mounts it; undefined where only its administrator
   * makes them, such as the datasets of ZFS.
   */
  root(): DriverOptions | undefined;
  /**
   * The same as {@link driverOptions} for a mount that has nothing in common with the first, as that of another host: what
   * it locks is decided by the server alone. @default mounts of one host see each other's locks anyway
   */
  apart?(folder: string): DriverOptions;
}

/** Does one storage lie on the same device as the other? */
export function shareDevice(one: Storage, other: Storage): boolean {
  return sameDevice(one.device, other.device);
}

/** Is one device the other, or a part of it? */
export function sameDevice(one: string, other: string): boolean {
  return within(one, other) || within(other, one);
}

/** The device of everything that a machine serves: its disks and its network card. */
export const serverDevice = (host: string): string => `server:${host}`;

/** Is one path the other, or below it? */
export function within(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}
