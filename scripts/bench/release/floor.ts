import { randomUUID } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Label } from "../../../modules/engine/labels.ts";
import { Problem } from "../../setup/problem.ts";
import { docker } from "../../stack/docker.ts";
import { BenchProject, Owner } from "../bench-project.ts";

/** The stack that is released. */
export const RELEASED = "release";
const NAME = `${BenchProject.name}-floor`;
/** For a build, and for a node to answer. */
const SECONDS = 300;
/** What a node is given besides its image. */
const DELIVERED = ["/etc/slipway", "/run/secrets"];

/**
 * The least that any release of a node takes, in seconds: an image of changed source is built, a container of it
 * started, and its first good answer seen.
 * @param node that runs, such as `shop-1`: the container gets the same settings and files
 * @throws Problem when it does not answer
 */
export async function floor(node: string, signal: AbortSignal): Promise<number> {
  const filters = [Owner.ours, `${Label.node}=${node}`].flatMap((label) => ["--filter", `label=${label}`]);
  const id = (await docker(["ps", "--quiet", ...filters])).trim();
  const [{ Config }]: [Inspected] = JSON.parse(await docker(["inspect", id]));
  const delivered = join(BenchProject.outdir, "delivered");
  for (const path of DELIVERED) {
    await mkdir(join(delivered, path), { recursive: true });
    await docker(["cp", `${id}:${path}/.`, join(delivered, path)]);
  }
  const context = await contextOf(node);
  await writeFile(join(context, "app", "release.txt"), randomUUID());
  const start = performance.now();
  try {
    // As the provider builds: an engine before 23 would take its former builder, which knows no mounts.
    const env = { DOCKER_BUILDKIT: "1" };
    await docker(["build", "--quiet", "--tag", NAME, context], { seconds: SECONDS, signal, env });
    const settings = Config.Env.flatMap((variable) => ["--env", variable]);
    await docker([
      ...["create", "--init", "--name", NAME, "--label", Owner.ours, "--user", Config.User, ...settings],
      ...[NAME, ...Config.Cmd],
    ]);
    for (const path of DELIVERED) await docker(["cp", `${join(delivered, path)}/.`, `${NAME}:${path}`]);
    await docker(["start", NAME]);
    await answer(start, signal);
    return (performance.now() - start) / 1000;
  } finally {
    await docker(["rm", "--force", NAME]);
  }
}

async function answer(start: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const isWell = await docker(["exec", NAME, "health"]).then(
      () => true,
      () => false,
    );
    if (isWell) return;
    signal.throwIfAborted();
    if (performance.now() - start > SECONDS * 1000) {
      throw new Problem({
        what: `A container did not answer within ${SECONDS} s.`,
        value: (await docker(["logs", "--tail", "10", NAME])).trim(),
        fix: "mend what it says, then run the benchmark again",
      });
    }
    await sleep(100, undefined, { signal });
  }
}

/** The staged context of the image of a node. */
async function contextOf(node: string): Promise<string> {
  const images = join(BenchProject.outdir, "stacks", RELEASED, "images");
  const workload = node.replace(/-\d+$/, "");
  const found = (await readdir(images)).find((name) => new RegExp(`^${workload}-[0-9a-f]+$`).test(name));
  return join(images, found ?? workload);
}

interface Inspected {
  readonly Config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Cmd: readonly string[];
  };
}
