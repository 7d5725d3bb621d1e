import { InvalidValue } from "../values/invalid-value.ts";
import type { MountOption } from "./mount-option.ts";
import type { Redundancy } from "./redundancy.ts";
import type { DriverOptions, Storage } from "./storage.ts";

export interface LocalDiskProps {
  /** What keeps the files when the disk dies: `raid1`, or `replicated` for a disk of a cloud. @default nobody knows */
  readonly redundancy?: Redundancy;
}

/** The disk of the machine that the containers run on. */
export class LocalDisk implements Storage {
  readonly description: string;
  readonly device: string;
  readonly reachable = "one host";
  readonly locks = true;
  readonly redundancy: Redundancy | undefined;
  readonly mountOptions: readonly MountOption[] = [];
  readonly #folder: string | undefined;

  private constructor(folder: string | undefined, { redundancy }: LocalDiskProps) {
    this.#folder = folder;
    this.device = `disk:${folder ?? "/var/lib/docker/volumes"}`;
    this.description = folder === undefined ? "the engine's own volumes" : `local folder ${folder}`;
    this.redundancy = redundancy;
    Object.freeze(this);
  }

  /** The engine's own volumes, `/var/lib/docker/volumes` on most hosts. */
  static volumes(props: LocalDiskProps = {}): LocalDisk {
    return new LocalDisk(undefined, props);
  }

  /**
   * A folder of the host that exists already, such as the mount point of a disk of its own.
   * @throws InvalidValue when the path is not absolute.
   */
  static folder(path: string, props: LocalDiskProps = {}): LocalDisk {
    if (!/^\/[^\0]*[^\0/]$/.test(path)) {
      throw new InvalidValue({
        what: "folder",
        got: path,
        allowed: "an absolute path without a slash at its end",
        fix: 'Write a path such as "/srv/data"',
      });
    }
    return new LocalDisk(path, props);
  }

  driverOptions(folder: string): DriverOptions {
    return this.#folder === undefined ? {} : bind(`${this.#folder}/${folder}`);
  }

  root(): DriverOptions | undefined {
    return this.#folder === undefined ? undefined : bind(this.#folder);
  }
}

/** A folder of the host, as it is. */
export const bind = (device: string): DriverOptions => ({ type: "none", o: "bind", device });
