import { readFile } from "node:fs/promises";
import { mount } from "../../modules/engine/ready-folders.ts";
import { LocalDisk } from "../../modules/storage/local-disk.ts";
import type { Storage } from "../../modules/storage/storage.ts";
import { docker } from "../stack/docker.ts";
import { BenchProject } from "./bench-project.ts";
import { alternate, type Comparison } from "./comparison.ts";
import type { Bench, Measure } from "./measure.ts";
import { deployStack, obstacle } from "./stack-deployment.ts";
import { EXAMPLE, named, VARIABLE } from "./storage/named.ts";

/** A storage that is slower than this is of no use to anybody. */
const SECONDS = 1800;
const LOADS = {
  write: "128 MiB written and on the disk",
  read: "128 MiB read again",
  create: "300 sessions made",
  lock: "300 sessions locked, read and written",
} as const;
type Seconds = Readonly<Record<keyof typeof LOADS, number>>;

/** What a storage costs whoever shares it, against the disk of the engine. */
export const storage: Measure = {
  name: "storage",
  description: "large and small files on storages that are named, against the engine's own disk",
  async obstacle() {
    const text = process.env[VARIABLE] ?? "";
    return text.trim() === "" ? `it is told which to measure: ${VARIABLE}="${EXAMPLE}"` : obstacle();
  },
  async run(bench) {
    const storages = named(process.env[VARIABLE] ?? "");
    bench.note("building the image that the loads run in");
    await deployStack("storage", "scripts/bench/storage/stack.ts", bench);
    const image = await docker(["image", "ls", "--quiet", `${BenchProject.name}/load`]);
    const load = await readFile(new URL("storage/load.py", import.meta.url), "utf8");
    const comparisons: Comparison[] = [];
    for (const one of storages) {
      comparisons.push(...(await compare(one, { ...bench, image: image.split("\n")[0] ?? "", load })));
    }
    return { comparisons };
  },
};

interface Load extends Bench {
  readonly image: string;
  /** A program of Python. */
  readonly load: string;
}

async function compare(one: Storage, load: Load): Promise<readonly Comparison[]> {
  const disk = LocalDisk.volumes();
  const rounds = await alternate(
    load.rounds,
    () => secondsOn(one, load),
    () => secondsOn(disk, load),
    (round) => {
      load.signal.throwIfAborted();
      load.note(`${one.description}, round ${round} of ${load.rounds}`);
    },
  );
  return Object.entries(LOADS).map(([name, what]) => ({
    what: `${one.description}: ${what}`,
    against: "the engine's own disk",
    rounds: rounds.map(({ ours, theirs }) => ({
      ours: ours[name as keyof Seconds],
      theirs: theirs[name as keyof Seconds],
    })),
  }));
}

async function secondsOn(storage: Storage, { image, load }: Load): Promise<Seconds> {
  const options = storage.root() ?? storage.driverOptions("bench");
  const said = await docker(
    [
      ..."run --rm --user 0:0 --network none --entrypoint python3".split(" "),
      ...["--mount", mount(options, "/measured"), image, "-c", load, "/measured"],
    ],
    { seconds: SECONDS },
  );
  return JSON.parse(said);
}
