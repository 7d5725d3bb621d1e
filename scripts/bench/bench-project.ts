import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Label } from "../../modules/engine/labels.ts";
import { PROJECT, STATE } from "../setup/project.ts";
import { docker } from "../stack/docker.ts";

const NAME = "bench";
const SECONDS_FOR_TERRAFORM = 60;

/** The project that is deployed to be measured: apart from the user's own in names, ports, state and secrets. */
export const BenchProject = {
  name: NAME,
  /** Name of the same containers when docker-compose runs them. */
  composeName: `${NAME}-compose`,
  stack: "dev",
  /** Folder for secrets and state, absolute. */
  directory: join(STATE, NAME),
  /** Folder that stacks are synthesized to, absolute. */
  outdir: join(PROJECT, "cdktf.out", NAME),
  /** What cdktf, and the scripts of this project, read the above from. */
  env: {
    CDKTF_CONTEXT_JSON: JSON.stringify({
      project: NAME,
      directory: STATE,
      dev: { hostname: "localhost", aliases: ["127.0.0.1"], ports: { http: 38080, https: 38443 } },
    }),
    CDKTF_OUTDIR: join(PROJECT, "cdktf.out", NAME),
    CHECKPOINT_DISABLE: "1",
  },
} as const;

/** Labels of what our side runs, and of what docker-compose does. */
export const Owner = {
  ours: `${Label.project}=${NAME}`,
  theirs: `com.docker.compose.project=${BenchProject.composeName}`,
} as const;

/** The containers of one side, by id. */
export async function containersOf(label: string): Promise<readonly string[]> {
  return words(await docker(["ps", "--all", "--quiet", "--filter", `label=${label}`]));
}

/** Ends the containers of one side in an orderly way, so that no database has to recover, and removes them. */
export async function removeContainers(label: string): Promise<void> {
  const ids = await containersOf(label);
  if (ids.length === 0) return;
  await docker(["stop", "--time", "30", ...ids], { seconds: 180 });
  await docker(["rm", "--force", ...ids], { seconds: 60 });
}

/**
 * Removes all that the benchmarks made on the disk and on the engine, where there is one, and nothing else.
 * @throws Problem when the engine refuses
 */
export async function removeProject({ engine }: { readonly engine: boolean }): Promise<void> {
  // Terraform ends by itself after an interrupt, and until then still makes things.
  const lock = join(BenchProject.directory, "state", `.${BenchProject.stack}.tfstate.lock.info`);
  const end = Date.now() + SECONDS_FOR_TERRAFORM * 1000;
  while (existsSync(lock) && Date.now() < end) await sleep(500);
  if (engine) await removeFromEngine();
  await rm(BenchProject.outdir, { recursive: true, force: true });
  await rm(BenchProject.directory, { recursive: true, force: true });
}

async function removeFromEngine(): Promise<void> {
  for (const label of Object.values(Owner)) {
    const filter = ["--quiet", "--filter", `label=${label}`];
    const ids = await containersOf(label);
    if (ids.length > 0) await docker(["rm", "--force", "--volumes", ...ids], { seconds: 120 });
    const networks = words(await docker(["network", "ls", ...filter]));
    if (networks.length > 0) await docker(["network", "rm", ...networks]);
    const volumes = words(await docker(["volume", "ls", ...filter]));
    if (volumes.length > 0) await docker(["volume", "rm", ...volumes]);
  }
  const tags = words(await docker(["images", "--format", "{{.Repository}}:{{.Tag}}", `${NAME}/*`]));
  if (tags.length > 0) await docker(["rmi", "--no-prune", ...tags], { seconds: 120 });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
