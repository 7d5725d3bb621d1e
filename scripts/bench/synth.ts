import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { PROJECT } from "../setup/project.ts";
import { bareApp } from "./bare-app.ts";
import { BenchProject } from "./bench-project.ts";
import { alternate, median } from "./comparison.ts";
import type { Measure } from "./measure.ts";
import type { Details } from "./report.ts";
import { time } from "./stopwatch.ts";

const OURS = "scripts/bench/dev-app.ts";
const BARE = join(BenchProject.outdir, "bare", "main.ts");
const AIM = 1.1;
const SECONDS = 60;
/** Rounds are short: more of them make up for the noise. */
const ROUNDS_TIMES = 3;

/** How long the app takes to write the stack. */
export const synth: Measure = {
  name: "synth",
  description: "writing the dev stack, against an app without Slipway that declares the same resources",
  obstacle: async () => undefined,
  async run({ rounds, note, signal }) {
    // Not measured: secrets and folders are made on the first use.
    await app(OURS, "first", signal);
    const written = await readFile(
      join(outdir("first"), "stacks", BenchProject.stack, "cdk.tf.json"),
      "utf8",
    );
    await mkdir(dirname(BARE), { recursive: true });
    await writeFile(BARE, bareApp(BenchProject.stack, JSON.parse(written)));
    await app(relative(PROJECT, BARE), "bare", signal);
    const all = rounds * ROUNDS_TIMES;
    const results = await alternate(
      all,
      () => app(OURS, "first", signal),
      () => app(relative(PROJECT, BARE), "bare", signal),
      (round) => note(`round ${round} of ${all}`),
    );
    const against = "bare cdktf app";
    return {
      comparisons: [
        {
          what: "synth, time on the clock",
          against,
          rounds: results.map(({ ours, theirs }) => ({ ours: ours.seconds, theirs: theirs.seconds })),
          aim: AIM,
        },
        {
          what: "synth, processor time",
          against,
          rounds: results.map(({ ours, theirs }) => ({ ours: ours.processor, theirs: theirs.processor })),
          aim: AIM,
        },
      ],
      details: await shares(rounds, signal),
    };
  },
};

async function app(
  file: string,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly seconds: number; readonly processor: number }> {
  await mkdir(outdir(folder), { recursive: true });
  const { seconds, stdout } = await time(
    [process.execPath, "--import", "tsx", "scripts/bench/timed-app.ts", file],
    { seconds: SECONDS, signal, env: { CDKTF_OUTDIR: outdir(folder) } },
  );
  const { processor }: { processor: number } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  return { seconds, processor };
}

/** Apart from the folder that is deployed. */
function outdir(folder: string): string {
  return join(BenchProject.outdir, folder);
}

async function shares(rounds: number, signal: AbortSignal): Promise<Details> {
  const runs: Record<string, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await time([process.execPath, "--import", "tsx", "scripts/bench/import-times.ts"], {
      seconds: SECONDS,
      signal,
      env: { CDKTF_OUTDIR: outdir("first") },
    });
    runs.push(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  }
  const parts = Object.keys(runs[0] ?? {}).map(
    (part) => [part, median(runs.map((run) => run[part] ?? 0))] as const,
  );
  const total = parts.reduce((sum, [, seconds]) => sum + seconds, 0);
  return {
    title: "Where the processor time of a synth goes",
    head: ["part", "share"],
    rows: parts.map(([part, seconds]) => [part, `${Math.round((seconds / total) * 100)} %`]),
  };
}
