import { mkdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { BenchProject, removeProject } from "./bench/bench-project.ts";
import { noop, restart, start } from "./bench/deployment.ts";
import type { Bench, Measure } from "./bench/measure.ts";
import { nodes } from "./bench/nodes.ts";
import { pgbench } from "./bench/pgbench.ts";
import { release } from "./bench/release.ts";
import { describe, type Outcome, toJson } from "./bench/report.ts";
import { scale } from "./bench/scale.ts";
import { slow } from "./bench/slow.ts";
import { storage } from "./bench/storage.ts";
import { synth } from "./bench/synth.ts";
import { throughput } from "./bench/throughput.ts";
import { run } from "./command.ts";
import { interruptible } from "./setup/interrupt.ts";
import { Problem } from "./setup/problem.ts";
import { takeRunLock } from "./setup/run-lock.ts";
import { docker } from "./stack/docker.ts";
import { type Note, step } from "./stack/progress.ts";

const MEASURES: readonly Measure[] = [
  synth,
  scale,
  nodes,
  start,
  noop,
  restart,
  release,
  throughput,
  slow,
  pgbench,
  storage,
];
/** The names on the engine are the same for every clone of the project. */
const LOCK = join(tmpdir(), `slipway-bench-${userInfo().username}.lock`);

interface Options {
  readonly only?: readonly string[];
  readonly rounds: number;
  readonly json?: true;
}

/** Measures, prints, and removes all that was made for it; an interrupt ends it in the same orderly way. */
async function bench({ only, rounds, json }: Options): Promise<void> {
  const show = json ? quietly : step<Outcome>;
  const { signal } = interruptible();
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const unlock = await takeRunLock(() => tell("waiting for another benchmark to end"), signal, {
    path: LOCK,
  });
  const outcomes: Outcome[] = [];
  try {
    await clean(tell);
    await mkdir(BenchProject.outdir, { recursive: true });
    for (const measure of MEASURES.filter(({ name }) => only === undefined || only.includes(name))) {
      outcomes.push(
        await show(
          measure.name,
          (note) => outcomeOf(measure, { rounds, note, signal }, tell),
          ({ state }) => (state === "measured" ? undefined : state),
        ),
      );
      signal.throwIfAborted();
    }
  } finally {
    tell("removing what was made for the benchmark");
    await clean(tell);
    await unlock();
  }
  process.stdout.write(json ? toJson(outcomes) : `\n${describe(outcomes)}`);
  if (outcomes.some(({ state }) => state === "failed")) process.exitCode = 1;
}

/** One measure that fails does not keep the others from being taken. */
async function outcomeOf(measure: Measure, bench: Bench, tell: (line: string) => void): Promise<Outcome> {
  const { name } = measure;
  const obstacle = await measure.obstacle();
  if (obstacle !== undefined) return { measure: name, state: "skipped", reason: obstacle };
  try {
    return { measure: name, state: "measured", ...(await measure.run(bench)) };
  } catch (error) {
    bench.signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    // The next one must not begin with what this one left half done.
    await clean(tell);
    return { measure: name, state: "failed", reason: error.message };
  }
}

/** Where there is no engine, nothing can have been made on it. */
async function clean(tell: (line: string) => void): Promise<void> {
  const answers = await docker(["version", "--format", "{{.Server.Version}}"]).then(
    () => true,
    () => false,
  );
  await removeProject({ engine: answers }).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    tell(`Not everything could be removed:\n${error.message}`);
  });
}

/** Progress on the other output, as the first one is for a program. */
async function quietly(title: string, work: (note: Note) => Promise<Outcome>): Promise<Outcome> {
  process.stderr.write(`${title}\n`);
  return work((line) => process.stderr.write(`  ${line}\n`));
}

function count(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= 50) return rounds;
  throw new InvalidArgumentError("Allowed is a whole number from 1 to 50.");
}

await run(
  new Command("npm run bench --")
    .description(
      "Measure Slipway side by side with what it is built on or instead of: ratios, on this machine, now.",
    )
    .addOption(
      new Option("--only <measures...>", "the measures to take").choices(MEASURES.map(({ name }) => name)),
    )
    .option("--rounds <n>", "how often both sides are measured", count, 5)
    .option("--json", "print every round as JSON; progress goes to stderr")
    .addHelpText(
      "after",
      `\nMeasures:\n${MEASURES.map(({ name, description }) => `  ${name.padEnd(8)} ${description}`).join("\n")}\n
A project of its own is deployed for it, on the ports 38080 and 38443, and removed at the end. Ratios of a busy
machine vary; the lowest and the highest of all rounds are shown. docs/performance.md tells how to read them.`,
    )
    .allowExcessArguments(false)
    .action(bench),
);
