import { randomUUID } from "node:crypto";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../setup/problem.ts";
import { docker, runDocker } from "../../stack/docker.ts";
import { BenchProject } from "../bench-project.ts";
import type { Json, Resource, Synthesized } from "../resources.ts";
import { time } from "../stopwatch.ts";

const SECONDS = 300;
const MILLISECONDS_BETWEEN_LOOKS = 50;

/**
 * The least that a release can take: the provider alone builds the image from a source that changed, the nodes start, and
 * each answers its health check once. They are those that are there, so not even their making is counted.
 * @param stack whose release was deployed last
 * @param app whose nodes they are
 * @returns seconds
 */
export async function floor(stack: string, app: string, signal: AbortSignal): Promise<number> {
  const folder = await prepareBuild(stack, app);
  const terraform = (words: readonly string[]) =>
    time(["terraform", ...words, "-no-color"], { seconds: SECONDS, signal, cwd: folder });
  await terraform(["init"]);
  const filter = ["--filter", `name=-${stack}-${app}-`];
  const nodes = (await docker(["ps", ...filter, "--format", "{{.Names}}"])).trim().split("\n");
  await docker(["stop", ...nodes], { seconds: 60 });
  const start = performance.now();
  await terraform(["apply", "-auto-approve"]);
  await docker(["start", ...nodes]);
  await Promise.all(nodes.map((node) => healthy(node)));
  return (performance.now() - start) / 1000;
}

/** Writes the image of an application for Terraform alone, from a copy of its files where one is another. */
async function prepareBuild(stack: string, app: string): Promise<string> {
  const from = join(BenchProject.outdir, "stacks", stack);
  const { terraform, provider, resource }: Synthesized & { readonly provider: Json } = JSON.parse(
    await readFile(join(from, "cdk.tf.json"), "utf8"),
  );
  const images = Object.entries(resource.docker_image);
  const [id = "", image = {}] = images.find(([, { name }]) => String(name).includes(`/${app}:`)) ?? [];
  const { context, build_log_file: _, ...build } = image.build as Resource;
  const folder = join(BenchProject.outdir, "floor");
  await rm(folder, { recursive: true, force: true });
  await cp(resolve(from, String(context)), join(folder, "context"), { recursive: true });
  // Where a release changes it, too, so that as many steps of the build are done again.
  const other = randomUUID();
  await writeFile(join(folder, "context/app/release.txt"), other);
  const name = `${BenchProject.name}/floor:${other}`;
  const docker_image = { [id]: { ...image, name, build: { ...build, context: "context" } } };
  const bare = {
    terraform: { ...(terraform as object), backend: { local: { path: "terraform.tfstate" } } },
    provider,
    resource: { docker_image },
  };
  await writeFile(join(folder, "cdk.tf.json"), JSON.stringify(bare));
  return folder;
}

async function healthy(node: string): Promise<void> {
  const test = await docker(["inspect", "--format", "{{json .Config.Healthcheck.Test}}", node]);
  const [, ...command]: string[] = JSON.parse(test);
  const end = Date.now() + SECONDS * 1000;
  while ((await runDocker(["exec", node, ...command])).code !== 0) {
    if (Date.now() > end) {
      throw new Problem({
        what: `${node} is not healthy after ${SECONDS} s.`,
        value: test.trim(),
        fix: "docker logs shows what it says",
      });
    }
    await sleep(MILLISECONDS_BETWEEN_LOOKS);
  }
}
