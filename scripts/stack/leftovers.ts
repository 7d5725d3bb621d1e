import { Problem } from "../setup/problem.ts";
import type { Terraform } from "../setup/terraform.ts";
import { type Container, containersOf, labelFilters } from "./containers.ts";
import { docker } from "./docker.ts";
import { untilUnlocked } from "./lock.ts";
import type { Note } from "./progress.ts";
import type { Stack } from "./stack.ts";
import type { StackHost } from "./stack-host.ts";
import { type State, stateOf } from "./state.ts";
import { managerOf } from "./swarm.ts";
import { objectsOf, removeObjects } from "./swarm-leftovers.ts";
import { untaint } from "./terraform.ts";
import { list } from "./words.ts";

/**
 * Clears away what earlier runs that failed or were killed have left of a stack: containers and networks that its state
 * does not know, and containers that never got ready. Their names would collide. Volumes are never touched.
 * @returns the names of what was removed
 * @throws Problem when another run is at it, or when they look like those of another clone of the project
 */
export async function removeLeftovers(
  stack: Stack,
  terraform: Terraform,
  waiting: { readonly wait: boolean; readonly note: Note; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { note } = waiting;
  // A run that was killed leaves its Terraform behind, which ends within moments, when it finds nobody to write to.
  const look = () => Promise.all([containersOf(stack), networksOf(stack)]);
  const [containers, networks] = await untilUnlocked(stack, look, waiting);
  const state = await stateOf(stack);
  const manager = managerOf(stack);
  if (manager !== undefined) return removeOfSwarm(stack, manager, state, note);
  const strangers = unknownTo(state, containers);
  if (strangers.length > 0 && state.resources === 0) {
    throw foreign(stack, strangers, `docker rm --force ${strangers.map(({ name }) => name).join(" ")}`);
  }
  const unready = await unreadyOf(stack, terraform, state, containers);
  const removed = [...strangers, ...unready];
  for (const { host, name, id, stopGrace } of removed) {
    note(`removing container ${name}`);
    await docker(["stop", "--time", `${stopGrace}`, id], { host, seconds: stopGrace + 30 });
    await docker(["rm", "--force", id], { host });
  }
  const unused = unknownTo(state, networks);
  for (const network of unused) await removeNetwork(network);
  return [...removed, ...unused].map(({ name }) => name);
}

/** On a Swarm tasks come and go by themselves; what has a name is left. */
async function removeOfSwarm(
  stack: Stack,
  manager: StackHost,
  state: State,
  note: Note,
): Promise<readonly string[]> {
  const unknown = unknownTo(state, await objectsOf(manager, stack));
  const services = unknown.filter(({ kind }) => kind === "service");
  if (services.length > 0 && state.resources === 0) {
    throw foreign(stack, services, `docker service rm ${services.map(({ name }) => name).join(" ")}`);
  }
  return removeObjects(manager, unknown, note);
}

/**
 * Terraform would replace these, and the successor could have the same name. One that got healthy after all is kept,
 * and Terraform is told so.
 */
async function unreadyOf(
  stack: Stack,
  terraform: Terraform,
  { unfinished }: State,
  containers: readonly Container[],
): Promise<readonly Container[]> {
  const unready: Container[] = [];
  for (const { address, id } of unfinished) {
    const container = containers.find((one) => one.id === id);
    if (container?.health === "healthy") await untaint(terraform, stack.folder, address);
    else if (container !== undefined && !isReplaced(container)) unready.push(container);
  }
  return unready;
}

/**
 * A plan counts such a container as broken and gives its successor a free name; without it, the successor of a release
 * that is taken back would get the name of the one before, which still serves.
 */
function isReplaced({ state, health }: Container): boolean {
  return health === "unhealthy" || ["created", "restarting", "dead"].includes(state);
}

/** What a state does not know. */
export function unknownTo<T extends { readonly id: string }>(
  state: State,
  found: readonly T[],
): readonly T[] {
  return found.filter(({ id }) => !state.ids.has(id));
}

interface Network {
  readonly host: StackHost;
  readonly id: string;
  readonly name: string;
}

async function networksOf(stack: Stack): Promise<readonly Network[]> {
  const words = ["network", "ls", "--no-trunc", "--format", "{{.ID}}\t{{.Name}}", ...labelFilters(stack)];
  const found = await Promise.all(
    stack.hosts.map(async (host) =>
      (await docker(words, { host }))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const [id = "", name = ""] = line.split("\t");
          return { host, id, name };
        }),
    ),
  );
  return found.flat();
}

async function removeNetwork({ host, id }: Network): Promise<void> {
  const format = "{{range $id, $_ := .Containers}}{{$id}} {{end}}";
  const attached = (await docker(["network", "inspect", "--format", format, id], { host }))
    .split(/\s+/)
    .filter(Boolean);
  // Terraform sees that they lack a network, and replaces them.
  for (const container of attached) {
    await docker(["network", "disconnect", "--force", id, container], { host });
  }
  await docker(["network", "rm", id], { host });
}

function foreign(stack: Stack, strangers: readonly { readonly name: string }[], removal: string): Problem {
  return new Problem({
    what: `The stack ${stack.name} of the project ${stack.project} runs already, but was not started from this folder.`,
    value: `${list(strangers.map(({ name }) => name))}, of which ${stack.stateFile} knows nothing`,
    fix: [
      `if another clone of the project runs it: stop it there, or give this one a name of its own ("project" in the context of cdktf.json)`,
      `if its state was deleted: ${removal}, then try again; the data stays on its volumes`,
    ].join("\n"),
  });
}
