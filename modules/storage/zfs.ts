import { InvalidValue } from "../values/invalid-value.ts";
import { type MountOption, NOTHING_RUNS, optionText } from "./mount-option.ts";
import type { PoolLayout } from "./redundancy.ts";
import type { DriverOptions, Storage } from "./storage.ts";

export interface ZfsProps {
  /** How the disks of the pool stand together. @default nobody knows */
  readonly redundancy?: PoolLayout;
  /** The disks of the pool, such as `/dev/disk/by-id/ata-…`, for the command that makes it. @default left open there */
  readonly disks?: readonly string[];
}

/** A ZFS dataset of the host: what the recipe prefers for shared folders (recipe 12). */
export class Zfs implements Storage {
  readonly description: string;
  readonly device: string;
  readonly filesystem = "zfs";
  readonly reachable = "one host";
  readonly locks = true;
  readonly redundancy: PoolLayout | undefined;
  readonly mountOptions: readonly MountOption[] = NOTHING_RUNS;
  /** Such as `tank/shared`. */
  readonly dataset: string;
  readonly disks: readonly string[];

  private constructor(dataset: string, { redundancy, disks = [] }: ZfsProps) {
    this.dataset = dataset;
    this.description = `zfs ${dataset}`;
    // Datasets of one pool share its disks, so the pool is the device.
    this.device = `zfs:${dataset.split("/")[0]}`;
    this.redundancy = redundancy;
    this.disks = disks;
    Object.freeze(this);
  }

  /**
   * A dataset whose children `<dataset>/<folder>` have `mountpoint=legacy`; `npm run storage` prints the commands that make
   * them.
   * @throws InvalidValue when the name is not `pool/dataset`, in the characters of zfs(8), and for disks that are no layout.
   */
  static dataset(name: string, props: ZfsProps = {}): Zfs {
    if (!/^[A-Za-z][\w.:-]*(\/[\w.:-]+)+$/.test(name)) {
      throw new InvalidValue({
        what: "ZFS dataset",
        got: name,
        allowed: "a pool and a dataset below it, without a leading slash",
        fix: 'Write a name such as "tank/shared"',
      });
    }
    requireDisks(name, props);
    return new Zfs(name, props);
  }

  driverOptions(folder: string): DriverOptions {
    // The properties of the dataset count for mount.zfs(8) alone, and Docker does not use it.
    return { type: "zfs", o: optionText(this.mountOptions), device: `${this.dataset}/${folder}` };
  }

  /** A dataset is made by who administers the pool. */
  root(): undefined {
    return undefined;
  }
}

/** Fewest disks of each layout, zpoolconcepts(7). */
const FEWEST: Readonly<Record<PoolLayout, number>> = { mirror: 2, raidz1: 3, raidz2: 4, raidz3: 5, none: 1 };

function requireDisks(dataset: string, { redundancy, disks }: ZfsProps): void {
  if (disks === undefined) return;
  const bad = disks.find((disk) => !/^\/[\w./:@+-]+$/.test(disk));
  if (bad !== undefined) {
    throw new InvalidValue({
      what: `disk of ${dataset}`,
      got: bad,
      allowed: "the absolute path of a device or a file",
      fix: 'Write a path that stays the same after a restart, such as "/dev/disk/by-id/ata-WDC_WD40"',
    });
  }
  if (redundancy !== undefined && disks.length >= FEWEST[redundancy]) return;
  throw new InvalidValue({
    what: `disks of ${dataset}`,
    got: `${disks.length} as ${redundancy ?? "nothing that was said"}`,
    allowed: Object.entries(FEWEST)
      .map(([layout, fewest]) => `${layout} of at least ${fewest}`)
      .join(", "),
    fix: 'Write redundancy: "mirror" for two disks, "raidz2" for four and more',
  });
}
