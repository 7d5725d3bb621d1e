import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { VirtualMachine } from "./virtual-machine.ts";

const SCRIPTS = join(import.meta.dirname, "scripts");
/** What a deployment tries storage with. */
const READY_FOLDERS = join(import.meta.dirname, "../../modules/app/image/ready-folders");
/** What `npm run bench -- --only storage` does to one. */
const LOAD = join(import.meta.dirname, "../../scripts/bench/storage/load.py");
const TAR = "/root/python.tar";

/** Of a machine that runs containers: its packages, and the root of an image with Python, for it has no registry. */
export const ENGINE = {
  packages: ["docker.io", "iptables"],
  hooks: [`mmdebstrap --quiet --variant=extract --include=python3,dash,coreutils bookworm "$1${TAR}"`],
};

/** Options of Docker's own volume driver. */
export interface Mounted {
  readonly type: string;
  readonly o: string;
  readonly device: string;
}

/** Containers of a machine that run the scripts of this folder. */
export class Containers {
  readonly #machine: VirtualMachine;

  private constructor(machine: VirtualMachine) {
    this.#machine = machine;
  }

  static async of(machine: VirtualMachine): Promise<Containers> {
    await machine.run(`docker import ${TAR} python`, { limit: 600 });
    for (const name of readdirSync(SCRIPTS)) {
      await machine.write(`/srv/scripts/${name}`, readFileSync(join(SCRIPTS, name), "utf8"));
    }
    await machine.write("/srv/scripts/ready-folders.py", readFileSync(READY_FOLDERS, "utf8"));
    await machine.write("/srv/scripts/load.py", readFileSync(LOAD, "utf8"));
    await machine.run("chmod -R a+rX /srv/scripts");
    return new Containers(machine);
  }

  async volume(name: string, { type, o, device }: Mounted): Promise<void> {
    const options = [`type=${type}`, `o=${o}`, `device=${device}`].map((option) => `--opt ${option}`);
    await this.#machine.run(`docker volume create ${options.join(" ")} ${name}`);
  }

  /** Makes the volume there is, or a new one of the engine, a folder of the owner of the data. */
  async own(volume: string): Promise<void> {
    await this.#machine.run(
      `docker run --rm --network none --volume ${volume}:/data python chown 8000:8000 /data`,
    );
  }

  /** What a deployment says of a storage before it replaces a node: modules/engine/ready-folders.ts. */
  async trial(words: readonly string[], mounts: readonly string[] = []): Promise<string> {
    const rights = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"].map((one) => `--cap-add ${one}`);
    const network = words[0] === "reach" ? "host" : "none";
    const command = [
      `docker run --rm --user 0:0 --network ${network} --cap-drop ALL ${rights.join(" ")}`,
      ...mounts.map((mount) => `--mount '${mount}'`),
      `--volume /srv/scripts:/scripts:ro python python3 /scripts/ready-folders.py ${words.join(" ")}`,
    ];
    const { code, output } = await this.#machine.try(command.join(" "), { limit: 400 });
    return code === 0 ? "good" : output;
  }

  /**
   * What a script printed that had the volume at `/data`, as the owner of the data.
   * @param limit seconds after which it is given up
   */
  python(volume: string, script: string, words: readonly (string | number)[], limit = 300): Promise<string> {
    const mounts = `--volume ${volume}:/data --volume /srv/scripts:/scripts:ro`;
    return this.#machine.run(
      `docker run --rm --network none --user 8000:8000 ${mounts} python python3 /scripts/${script}.py ${words.join(" ")}`,
      { limit },
    );
  }
}
