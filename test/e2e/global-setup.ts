import { rmSync } from "node:fs";
import { setUp } from "../../scripts/setup.ts";
import { docker } from "./run.ts";

/** Containers and volumes that an interrupted run of the tests left behind; their projects all start like this. */
export const PROJECT_PREFIX = "slipway-test";

/** Gives the machine what it lacks, and clears away what an earlier run could not. */
export default async function (): Promise<() => Promise<void>> {
  await setUp({ ask: undefined });
  await clear();
  return clear;
}

/** What belongs to a test: its project is the prefix, or the prefix and the name of a site of the tests. */
const OURS = new RegExp(
  `^${PROJECT_PREFIX}(-(lighttpd|backup|balancers|release|releases|verbs|cdktf|hello|reconfigure|admin|web2py|acme|tls|servers|sessions|slow|databases|external|jobs|database|review|elsewhere|swarm|other-machine|remote|ssh-host|state|state-elsewhere|storage|nfs-server|shared-hosting|linux))?$`,
);

async function ours(kind: "container" | "network" | "volume"): Promise<string[]> {
  const id = kind === "volume" ? "{{.Name}}" : "{{.ID}}";
  const all = kind === "container" ? ["--all"] : [];
  const listed = await docker(kind, "ls", ...all, "--format", `${id} {{.Label "slipway.project"}}`);
  return listed
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([name = "", project = ""]) => (OURS.test(project) ? [name] : []));
}

async function clear(): Promise<void> {
  const containers = await ours("container");
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  for (const kind of ["network", "volume"] as const) {
    const names = await ours(kind);
    if (names.length > 0) await docker(kind, "rm", ...names);
  }
  for (const folder of [".slipway/tests", "cdktf.out/tests"])
    rmSync(folder, { recursive: true, force: true });
}
