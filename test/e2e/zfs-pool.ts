import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { docker, ok, run, until } from "./run.ts";

/**
 * A mirror of ZFS in user space, in a container whose mounts this machine sees: for kernels without ZFS. Needs root and
 * FUSE.
 */
export class ZfsPool {
  /** Where the datasets are on this machine. */
  readonly folder: string;
  readonly #container: string;
  readonly #datasets: readonly string[];

  /** @param place folder that exists */
  constructor(project: string, place: string, datasets: readonly string[]) {
    this.folder = join(place, "pool", "tank");
    this.#container = `${project}-zfs`;
    this.#datasets = datasets;
  }

  /** Whether this machine can have one. */
  static get isPossible(): boolean {
    return existsSync("/dev/fuse");
  }

  async make(): Promise<void> {
    const image = `${this.#container}:latest`;
    await docker("build", "--quiet", "--tag", image, join(import.meta.dirname, "zfs-fuse"));
    mkdirSync(this.#mounts, { recursive: true });
    // What the container mounts is to be seen here.
    await ok("mount", ["--bind", this.#mounts, this.#mounts]);
    await ok("mount", ["--make-shared", this.#mounts]);
    await docker(
      ...["run", "--detach", "--name", this.#container, "--network", "none"],
      ...["--device", "/dev/fuse", "--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined"],
      ...["--volume", `${this.#mounts}:/pool:rshared`, image, "pool", ...this.#datasets],
    );
    await until("the pool is there", 60, async () => (await this.#log()).includes("ready"));
  }

  /** A command such as zfs(8). */
  command(...words: readonly string[]): Promise<string> {
    return docker("exec", this.#container, ...words);
  }

  async remove(): Promise<void> {
    await run("docker", ["rm", "--force", "--volumes", this.#container]);
    const mounts = [...this.#datasets.map((name) => join(this.folder, name)), this.folder, this.#mounts];
    // Whose server is gone.
    for (const mount of mounts) await run("umount", ["--lazy", mount]);
    rmSync(this.#mounts, { recursive: true, force: true });
  }

  get #mounts(): string {
    return join(this.folder, "..");
  }

  async #log(): Promise<string> {
    return (await run("docker", ["logs", this.#container])).output;
  }
}
