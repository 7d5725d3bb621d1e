import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../setup/problem.ts";
import type { Terraform } from "../setup/terraform.ts";
import { type Change, Changes } from "../stack/changes.ts";
import { type Container, containersOf } from "../stack/containers.ts";
import { docker } from "../stack/docker.ts";
import { failureOf } from "../stack/failure.ts";
import { imageId } from "../stack/images.ts";
import { releasesIn } from "../stack/releases.ts";
import type { Stack } from "../stack/stack.ts";
import type { StackHost } from "../stack/stack-host.ts";
import { managerOf } from "../stack/swarm.ts";
import { init, needsInit, plan } from "../stack/terraform.ts";
import { orphanedVolumes } from "../stack/volumes.ts";
import { type Difference, differences } from "./differences.ts";
import { type Expected, expectedIn } from "./expected.ts";
import { digestsIn, foundOf } from "./found.ts";
import { driftOfServices } from "./services.ts";

/** What `npm run drift -- --json` prints. Keys are only ever added. */
export interface Drift {
  readonly stack: string;
  /** What it is compared with, in words: `release 12`. */
  readonly against: string;
  /** Whether everything is as it was declared. */
  readonly ok: boolean;
  readonly items: readonly DriftItem[];
}

export interface DriftItem extends Difference {
  /** Container, service or volume, or the node whose container is missing. */
  readonly name: string;
  /** What the next deploy does about it, and what to do where that is nothing. */
  readonly next: string;
}

/**
 * Compares what runs of a stack with what was declared, and asks Terraform what a deploy would do.
 * @throws Problem when nothing was deployed from here, or Terraform cannot plan
 */
export async function driftOf(stack: Stack, terraform: Terraform, signal: AbortSignal): Promise<Drift> {
  const { against, folder } = declaration(stack);
  const text = readFileSync(join(folder, "cdk.tf.json"), "utf8");
  const manager = managerOf(stack);
  const [planned, orphans] = await Promise.all([
    plannedChanges(stack, terraform, signal),
    Promise.all(stack.hosts.map((host) => orphanedVolumes(stack, host))),
  ]);
  const items =
    manager === undefined
      ? await ofContainers(stack, text, planned)
      : await ofServices(stack, manager, text, planned);
  const volumes = orphans.flat().map(({ volume }) => ({
    ...{ name: volume, field: "volume", declared: "–", found: "there" },
    next: `nothing; docker volume rm ${volume} deletes its files`,
  }));
  const all = [...items, ...volumes];
  return { stack: stack.name, against, ok: all.length === 0, items: all };
}

function declaration(stack: Stack): { readonly against: string; readonly folder: string } {
  const last = releasesIn(stack.releasesFolder).at(-1);
  if (last !== undefined) return { against: `release ${last.number}`, folder: last.folder };
  if (existsSync(join(stack.folder, "cdk.tf.json"))) {
    return { against: "the stack as it was written last", folder: stack.folder };
  }
  throw new Problem({
    what: `Nothing of the stack ${stack.name} was deployed from this folder.`,
    fix: `npm start -- ${stack.name}`,
  });
}

async function ofContainers(
  stack: Stack,
  text: string,
  planned: ReadonlyMap<string, Change>,
): Promise<readonly DriftItem[]> {
  const expected = expectedIn(text, stack.folder);
  const containers = await containersOf(stack);
  const items = await Promise.all([
    ...expected.map((one) => ofNode(stack, one, containers, planned)),
    ...containers.filter(({ node }) => !expected.some((one) => one.node === node)).map(stray(stack)),
  ]);
  return items.flat();
}

async function ofServices(
  stack: Stack,
  manager: StackHost,
  text: string,
  planned: ReadonlyMap<string, Change>,
): Promise<readonly DriftItem[]> {
  const drifts = await driftOfServices(stack, manager, text);
  return drifts.map(({ node, ...drift }) => ({
    ...drift,
    next: node === undefined ? removedByStart(stack) : nextOfService(stack, node, drift.name, planned),
  }));
}

async function ofNode(
  stack: Stack,
  expected: Expected,
  containers: readonly Container[],
  planned: ReadonlyMap<string, Change>,
): Promise<readonly DriftItem[]> {
  const own = containers.filter(({ node }) => node === expected.node);
  if (own.length === 0) {
    const next = nextOf(stack, expected.node, planned, undefined);
    return [{ name: expected.node, field: "container", declared: "there", found: "none", next }];
  }
  const items = await Promise.all(
    own.map(async (container) => {
      const [found, image] = await Promise.all([foundOf(container), imageId(container.host, expected.image)]);
      const digests =
        container.state === "running" ? await digestsIn(container, Object.keys(expected.files)) : undefined;
      const inherited = await environmentOf(container);
      const next = nextOf(stack, expected.node, planned, container);
      const state =
        container.state === "running"
          ? []
          : [{ field: "state", declared: "running", found: container.state }];
      return [...state, ...differences(expected, found, image, digests, inherited)].map((difference) => ({
        name: container.name,
        ...difference,
        next,
      }));
    }),
  );
  return items.flat();
}

function stray(stack: Stack): (container: Container) => Promise<readonly DriftItem[]> {
  return async ({ name }) => [
    {
      ...{ name, field: "container", declared: "–", found: "there" },
      next: removedByStart(stack),
    },
  ];
}

function removedByStart({ name }: Stack): string {
  return `npm start -- ${name} removes it; a plain cdktf deploy does not`;
}

function nextOf(
  stack: Stack,
  node: string,
  planned: ReadonlyMap<string, Change>,
  container: Container | undefined,
): string {
  const otherwise = container && madeAnew(stack, `docker rm --force ${container.name}`);
  return plannedFor(`docker_container.${node}`, planned) ?? otherwise ?? "nothing";
}

function nextOfService(
  stack: Stack,
  node: string,
  name: string,
  planned: ReadonlyMap<string, Change>,
): string {
  return plannedFor(`docker_service.${node}`, planned) ?? madeAnew(stack, `docker service rm ${name}`);
}

function madeAnew({ name }: Stack, command: string): string {
  return `nothing; ${command}, and npm start -- ${name} makes it anew`;
}

/** Terraform itself is asked: it looks at some fields again, such as the memory, and never at others. */
function plannedFor(address: string, planned: ReadonlyMap<string, Change>): string | undefined {
  switch (planned.get(address)?.planned) {
    case "replace":
      return "the next deploy replaces it";
    case "update":
      return "the next deploy sets it right";
    case "create":
      return "the next deploy makes it";
    case "delete":
      return "the next deploy removes it";
    default:
      return undefined;
  }
}

async function plannedChanges(
  stack: Stack,
  terraform: Terraform,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Change>> {
  if (needsInit(stack.folder)) await init(terraform, stack.folder, signal);
  const changes = new Changes();
  const run = plan(terraform, stack.folder, (event) => changes.take(event));
  if ((await run.ended) !== 0) throw await failureOf(stack, changes.diagnostics, run.noise);
  return new Map(changes.all().map((change) => [change.resource.address, change]));
}

/** What the image itself sets, as `name=value`. */
async function environmentOf({ image, host }: Container): Promise<readonly string[]> {
  const text = await docker(["image", "inspect", "--format", "{{json .Config.Env}}", image], { host }).catch(
    () => "[]",
  );
  return JSON.parse(text) ?? [];
}
