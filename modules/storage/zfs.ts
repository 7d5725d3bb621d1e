import { InvalidValue } from "../values/invalid-value.ts";
import type { DriverOptions, Storage } from "./storage.ts";

/** A ZFS dataset of the host: what the recipe prefers for shared folders (recipe 12). */
export class Zfs implements Storage {
  readonly description: string;
  readonly device: string;
  readonly reachable = "one host";
  readonly locks = true;
  readonly #dataset: string;

  private constructor(dataset: string) {
    this.#dataset = dataset;
    this.description = `zfs ${dataset}`;
    // Datasets of one pool share its disks, so the pool is the device.
    this.device = `zfs:${dataset.split("/")[0]}`;
    Object.freeze(this);
  }

  /**
   * A dataset whose children `<dataset>/<folder>` have `mountpoint=legacy`.
   * @throws InvalidValue when the name is not `pool/dataset`, in the characters of zfs(8).
   */
  static dataset(name: string): Zfs {
    if (!/^[A-Za-z][\w.:-]*(\/[\w.:-]+)*$/.test(name)) {
      throw new InvalidValue({
        what: "ZFS dataset",
        got: name,
        allowed: "a pool and datasets below it, without a leading slash",
        fix: 'Write a name such as "tank/shared"',
      });
    }
    return new Zfs(name);
  }

  driverOptions(folder: string): DriverOptions {
    return { type: "zfs", device: `${this.#dataset}/${folder}` };
  }
}
