import { join } from "node:path";
import { engineAnswers } from "../stack/docker.ts";
import { BenchProject } from "./bench-project.ts";
import type { Bench } from "./measure.ts";
import { time } from "./stopwatch.ts";

const SECONDS = 900;

/**
 * Brings a stack of the benchmarks' own up, which leaves what runs already alone.
 * @param main what writes it, relative to the project
 * @throws Problem when something can't be built or deployed
 */
export async function deployStack(
  stack: string,
  main: string,
  { signal }: Pick<Bench, "signal">,
): Promise<void> {
  await time([process.execPath, "--import", "tsx", main], { seconds: SECONDS, signal });
  const folder = join(BenchProject.outdir, "stacks", stack);
  for (const words of [["init"], ["apply", "-auto-approve"]]) {
    await time(["terraform", ...words, "-no-color"], { seconds: SECONDS, signal, cwd: folder });
  }
}

/** Why nothing can be deployed here, if so. */
export function obstacle(): Promise<string | undefined> {
  return engineAnswers().then(
    () => undefined,
    () => "no engine answers",
  );
}
