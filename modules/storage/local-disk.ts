import { InvalidValue } from "../values/invalid-value.ts";
import type { DriverOptions, Storage } from "./storage.ts";

/** The disk of the machine that the containers run on. */
export class LocalDisk implements Storage {
  readonly description: string;
  readonly device: string;
  readonly reachable = "one host";
  readonly locks = true;
  readonly #folder: string | undefined;

  private constructor(folder: string | undefined) {
    this.#folder = folder;
    this.device = `disk:${folder ?? "/var/lib/docker/volumes"}`;
    this.description = folder === undefined ? "the engine's own volumes" : `local folder ${folder}`;
    Object.freeze(this);
  }

  /** The engine's own volumes, `/var/lib/docker/volumes` on most hosts. */
  static volumes(): LocalDisk {
    return new LocalDisk(undefined);
  }

  /**
   * A folder of the host that exists already, such as the mount point of a disk of its own.
   * @throws InvalidValue when the path is not absolute.
   */
  static folder(path: string): LocalDisk {
    if (!/^\/[^\0]*[^\0/]$/.test(path)) {
      throw new InvalidValue({
        what: "folder",
        got: path,
        allowed: "an absolute path without a slash at its end",
        fix: 'Write a path such as "/srv/data"',
      });
    }
    return new LocalDisk(path);
  }

  driverOptions(folder: string): DriverOptions {
    return this.#folder === undefined ? {} : { type: "none", o: "bind", device: `${this.#folder}/${folder}` };
  }
}
