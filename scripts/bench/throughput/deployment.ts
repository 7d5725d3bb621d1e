import { join } from "node:path";
import { docker } from "../../stack/docker.ts";
import { BenchProject } from "../bench-project.ts";
import type { Bench } from "../measure.ts";
import { deployStack } from "../stack-deployment.ts";
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
  note("building the daemons that it is held against");
  await docker(["build", "--quiet", "--tag", IMAGE, join(import.meta.dirname, "baseline")], {
    seconds: SECONDS,
    signal,
  });
  note("deploying every combination");
  await deployStack(STACK, "scripts/bench/throughput/stack.ts", { signal });
}

/** The container of a combination's edge. */
export function containerOf(name: CombinationName): string {
  return `${BenchProject.name}-${STACK}-${name}`;
}
