import { rmSync } from "node:fs";
import { setUp } from "../../scripts/setup.ts";
import { docker, ok } from "./run.ts";

/** Containers and volumes that an interrupted run of the tests left behind; their projects all start like this. */
export const PROJECT_PREFIX = "slipway-test";

/** Gives the machine what it lacks, and clears away what an earlier run could not. */
export default async function (): Promise<() => Promise<void>> {
  await setUp({ ask: undefined });
  await clear();
  return clear;
}

async function clear(): Promise<void> {
  const filter = ["--filter", `name=${PROJECT_PREFIX}`];
  const containers = (await docker("ps", "--all", "--quiet", ...filter)).split("\n").filter(Boolean);
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  for (const kind of ["network", "volume"]) {
    const names = (await ok("docker", [kind, "ls", "--quiet", ...filter])).split("\n").filter(Boolean);
    if (names.length > 0) await docker(kind, "rm", ...names);
  }
  for (const folder of [".slipway/tests", "cdktf.out/tests"])
    rmSync(folder, { recursive: true, force: true });
}
