import { randomUUID } from "node:crypto";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROJECT } from "../setup/project.ts";
import { BenchProject } from "./bench-project.ts";
import { alternate } from "./comparison.ts";
import type { Measure } from "./measure.ts";
import { during } from "./release/load.ts";
import { deployStack, obstacle } from "./stack-deployment.ts";
import { time } from "./stopwatch.ts";

const MAIN = "scripts/bench/release/stack.ts";
const STACK = "release";
const SOURCE = join(BenchProject.outdir, "source");
const URL = "https://127.0.0.1:38443/";
/** Milliseconds without a release. */
const STEADY = 15_000;
const SECONDS = 300;

/** What visitors notice of a release. */
export const release: Measure = {
  name: "release",
  description: "the time of 99 of 100 answers during a release, against without one",
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
    return {
      comparisons: [
        {
          what: "99 of 100 answers, during a release",
          against: "in steady state",
          rounds: percentiles,
          aim: 1.5,
        },
      ],
      details: {
        title: "The same in milliseconds, on this machine, now",
        head: ["", "ours", "theirs"],
        rows: [
          ...percentiles.map(({ ours, theirs }) => [
            "answers",
            `${ours.toFixed(0)} ms`,
            `${theirs.toFixed(0)} ms`,
          ]),
        ],
      },
    };
  },
};

/** As `npm start` does; see scripts/stack/deploy.ts. */
const GIVING_WAY = ["nice", "-n", "10"];

/** Changes the source and releases it. */
async function releaseOf(signal: AbortSignal): Promise<void> {
  await writeFile(join(SOURCE, "release.txt"), randomUUID());
  const folder = join(BenchProject.outdir, "stacks", STACK);
  await time([...GIVING_WAY, process.execPath, "--import", "tsx", MAIN], { seconds: SECONDS, signal });
  await time([...GIVING_WAY, "terraform", "apply", "-auto-approve", "-no-color"], {
    seconds: SECONDS,
    signal,
    cwd: folder,
  });
}
