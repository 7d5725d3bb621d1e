import { randomUUID } from "node:crypto";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROJECT } from "../setup/project.ts";
import { BenchProject } from "./bench-project.ts";
import { alternate } from "./comparison.ts";
import type { Measure } from "./measure.ts";
import { floor } from "./release/floor.ts";
import { during } from "./release/load.ts";
import { deployStack, obstacle } from "./stack-deployment.ts";
import { time } from "./stopwatch.ts";

const MAIN = "scripts/bench/release/stack.ts";
const STACK = "release";
/** As the stack calls it. */
const APP = "shop";
const SOURCE = join(BenchProject.outdir, "source");
const URL = "https://127.0.0.1:38443/";
/** Milliseconds without a release. */
const STEADY = 15_000;
const SECONDS = 300;

/** What visitors notice of a release, and what it takes. */
export const release: Measure = {
  name: "release",
  description:
    "99 of 100 answers during a release, against without one; its own time, against build, start and a probe",
  obstacle,
  async run({ rounds, note, signal }) {
    await cp(join(PROJECT, "examples/hello"), SOURCE, { recursive: true });
    note("deploying two nodes and an edge");
    await deployStack(STACK, MAIN, { signal });
    const percentiles = await alternate(
      rounds,
      async () => (await during(URL, () => releaseOf(signal))).percentile,
      async () => (await during(URL, () => sleep(STEADY, undefined, { signal }))).percentile,
      (round) => note(`round ${round} of ${rounds}: answers with and without a release`),
    );
    const seconds = await alternate(
      rounds,
      () => releaseOf(signal),
      () => floor(STACK, APP, signal),
      (round) => note(`round ${round} of ${rounds}: a release, and the least that it can take`),
    );
    return {
      comparisons: [
        {
          what: "99 of 100 answers, during a release",
          against: "in steady state",
          rounds: percentiles,
          aim: 1.5,
        },
        {
          what: "a release, from another source to the old nodes' end",
          against: "an image, two starts, a probe",
          rounds: seconds,
        },
      ],
      details: {
        title: "The same on this machine, now",
        head: ["", "ours", "theirs"],
        rows: [
          ...percentiles.map(({ ours, theirs }) => [
            "answers",
            `${ours.toFixed(0)} ms`,
            `${theirs.toFixed(0)} ms`,
          ]),
          ...seconds.map(({ ours, theirs }) => ["release", `${ours.toFixed(1)} s`, `${theirs.toFixed(1)} s`]),
        ],
      },
    };
  },
};

/** As `npm start` does; see scripts/stack/deploy.ts. */
const GIVING_WAY = ["nice", "-n", "10"];

/** Changes the source and releases it, in seconds. */
async function releaseOf(signal: AbortSignal): Promise<number> {
  const start = performance.now();
  await writeFile(join(SOURCE, "release.txt"), randomUUID());
  const folder = join(BenchProject.outdir, "stacks", STACK);
  await time([...GIVING_WAY, process.execPath, "--import", "tsx", MAIN], { seconds: SECONDS, signal });
  await time([...GIVING_WAY, "terraform", "apply", "-auto-approve", "-no-color"], {
    seconds: SECONDS,
    signal,
    cwd: folder,
  });
  return (performance.now() - start) / 1000;
}
