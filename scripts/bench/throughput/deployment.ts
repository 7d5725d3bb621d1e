import { join } from "node:path";
import { docker, engineAnswers } from "../../stack/docker.ts";
import { BenchProject } from "../bench-project.ts";
import type { Bench } from "../measure.ts";
import { time } from "../stopwatch.ts";
import type { CombinationName } from "./combinations.ts";

export const STACK = "throughput";
/** Of the daemons that combinations are held against, and of the load generator. */
export const IMAGE = `${BenchProject.name}/baseline:latest`;
const SECONDS = 900;

/**
 * Brings all combinations up, which leaves those alone that run already.
 * @throws Problem when something can't be built or deployed
 */
export async function deploy({ signal, note }: Bench): Promise<void> {
  const folder = join(BenchProject.outdir, "stacks", STACK);
  note("building the daemons that it is held against");
  await docker(["build", "--quiet", "--tag", IMAGE, join(import.meta.dirname, "baseline")], {
    seconds: SECONDS,
    signal,
  });
  note("deploying every combination");
  const main = "scripts/bench/throughput/stack.ts";
  await time([process.execPath, "--import", "tsx", main], { seconds: SECONDS, signal });
  for (const words of [["init"], ["apply", "-auto-approve"]]) {
    await time(["terraform", ...words, "-no-color"], { seconds: SECONDS, signal, cwd: folder });
  }
}

/** The container of a combination's edge. */
export function containerOf(name: CombinationName): string {
  return `${BenchProject.name}-${STACK}-${name}`;
}

/** Why nothing can be deployed here, if so. */
export function obstacle(): Promise<string | undefined> {
  return engineAnswers().then(
    () => undefined,
    () => "no engine answers",
  );
}
