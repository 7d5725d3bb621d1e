import type { Container } from "../stack/containers.ts";
import { docker } from "../stack/docker.ts";
import type { Note } from "../stack/progress.ts";
import type { Stack } from "../stack/stack.ts";
import { Helper, helperVolume, mountsOf } from "./helper.ts";

const USER = 8000;
const REPOSITORY = "/srv/backup/files";
const TARGET = "/srv/restored";

/** What a drill of shared folders and secrets came to. */
export interface FilesOutcome {
  readonly files: number;
  readonly bytes: number;
  /** Files that an application changed, made or removed while the drill ran; they were not compared. */
  readonly changedSince: number;
  readonly damage: readonly string[];
}

/** Restores the files into a folder of its own, and compares them with those that are in use. */
export class FilesDrill {
  readonly #files: Container;
  readonly #helper: Helper;

  private constructor(files: Container, helper: Helper) {
    this.#files = files;
    this.#helper = helper;
  }

  static async prepare(stack: Stack, files: Container): Promise<FilesDrill> {
    const target = await helperVolume(stack, files.host, "drill-files");
    const mounts = (await mountsOf(files)).flatMap(({ Name, Destination }) =>
      Name !== undefined && (Destination.startsWith("/srv/shared/") || Destination === REPOSITORY)
        ? [`${Name}:${Destination}:ro`]
        : [],
    );
    const helper = await Helper.start({
      stack,
      name: "drill-files",
      like: files,
      user: USER,
      keeper: files,
      volumes: [`${target}:${TARGET}`, ...mounts],
    });
    return new FilesDrill(files, helper);
  }

  /** @throws Problem when there is no way to try */
  async run(point: string, note: Note): Promise<FilesOutcome> {
    note("takes a snapshot");
    const snapshot = await docker(
      ["exec", this.#files.id, "python3", "-m", "slipway_backup.files", "--snapshot", point],
      { host: this.#files.host, seconds: 86_400 },
    ).catch((error: Error) => error);
    if (snapshot instanceof Error) {
      return {
        files: 0,
        bytes: 0,
        changedSince: 0,
        damage: [`files cannot be backed up: ${snapshot.message}`],
      };
    }
    note("restores, and compares");
    const output = await this.#helper.run(`python3 -m slipway_backup.compare ${snapshot.trim()}`);
    return JSON.parse(output.trim().split("\n").at(-1) ?? "");
  }

  /** How long a plain copy of what was restored takes, up to the moment when the disk has it; in seconds. */
  async copySeconds(): Promise<number> {
    const took = await this.#helper.run(
      `cd ${TARGET}; sync -f .; start=$(date +%s%N)
mkdir copy; find . -mindepth 1 -maxdepth 1 ! -name copy -exec cp -a {} copy/ ';'; sync -f .
echo $(( $(date +%s%N) - start ))`,
    );
    return Number(took.trim()) / 1e9;
  }
}
