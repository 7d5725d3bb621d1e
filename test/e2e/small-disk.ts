import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ok, run } from "./run.ts";

const MIB = 2 ** 20;

/** A file with a file system in it, mounted: a disk that a test can fill without harm. Needs root. */
export class SmallDisk {
  readonly folder: string;
  readonly #image: string;

  /** @param place folder that exists; the disk is mounted below it. */
  constructor(place: string) {
    this.folder = join(place, "disk");
    this.#image = join(place, "disk.img");
  }

  async make(mebibytes: number): Promise<void> {
    writeFileSync(this.#image, "");
    // Sparse: it takes what is written to it.
    truncateSync(this.#image, mebibytes * MIB);
    await ok("mkfs.ext4", ["-q", "-m", "0", this.#image]);
    mkdirSync(this.folder, { recursive: true });
    await ok("mount", ["-o", "loop", this.#image, this.folder]);
  }

  /** In MiB. */
  get free(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return (bavail * bsize) / MIB;
  }

  /** Takes all but so many MiB for a file of its own. */
  async fill(left: number): Promise<void> {
    this.clear();
    await ok("fallocate", ["--length", `${Math.floor(this.free - left)}M`, this.#filler]);
  }

  clear(): void {
    rmSync(this.#filler, { force: true });
  }

  async remove(): Promise<void> {
    await run("umount", [this.folder]);
    rmSync(this.#image, { force: true });
  }

  get #filler(): string {
    return join(this.folder, "filler");
  }
}
