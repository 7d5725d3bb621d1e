import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { docker } from "../stack/docker.ts";
import { BenchProject, containersOf, Owner } from "./bench-project.ts";
import { composeProject } from "./compose-file.ts";
import { time } from "./stopwatch.ts";

/** Beside the secrets, as some of the mounted files are copies of those. */
const FOLDER = join(BenchProject.directory, "compose");
const FILE = join(FOLDER, "docker-compose.yml");
const COMMAND = ["docker-compose", "--project-name", BenchProject.composeName, "--file", FILE];
const SECONDS = 300;
const MILLISECONDS_BETWEEN_LOOKS = 200;

/** Why docker-compose can't be compared with, if so. */
export async function composeObstacle(): Promise<string | undefined> {
  if ((await thisMachine.find("docker-compose")) !== undefined) return undefined;
  return "docker-compose is not installed; apt-get install docker-compose brings it on Debian";
}

/** Writes the compose file for what was synthesized last. */
export async function writeComposeProject(): Promise<void> {
  const stack = join(BenchProject.outdir, "stacks", BenchProject.stack);
  const { text, files } = composeProject(JSON.parse(await readFile(join(stack, "cdk.tf.json"), "utf8")));
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true, mode: 0o700 });
  for (const { path, from } of files) {
    const target = join(FOLDER, path);
    await mkdir(dirname(target), { recursive: true });
    if ("content" in from) await writeFile(target, from.content);
    else await copyFile(join(stack, from.file), target);
    // Read by the user of the container; on the host the folder keeps everybody out.
    await chmod(target, 0o444);
  }
  await writeFile(FILE, text);
}

/** `docker-compose up -d` and the wait until all containers are healthy, in seconds. */
export async function composeUp(signal: AbortSignal): Promise<number> {
  const start = performance.now();
  await time([...COMMAND, "up", "-d"], { seconds: SECONDS, signal });
  await waitUntilHealthy(signal);
  return (performance.now() - start) / 1000;
}

/** `docker-compose stop`, in seconds. */
export async function composeStop(signal: AbortSignal): Promise<number> {
  return (await time([...COMMAND, "stop"], { seconds: SECONDS, signal })).seconds;
}

async function waitUntilHealthy(signal: AbortSignal): Promise<void> {
  const ids = await containersOf(Owner.theirs);
  const end = Date.now() + SECONDS * 1000;
  for (;;) {
    const states = await docker(["inspect", "--format", "{{.Name}} {{.State.Health.Status}}", ...ids]);
    const sick = states
      .trim()
      .split("\n")
      .filter((line) => !line.endsWith(" healthy"));
    if (sick.length === 0) return;
    if (Date.now() > end) {
      throw new Problem({
        what: `The containers of docker-compose are not healthy after ${SECONDS} s.`,
        value: sick.join("\n"),
        fix: `docker logs shows what they say`,
      });
    }
    await sleep(MILLISECONDS_BETWEEN_LOOKS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
