import { labelFilters } from "./containers.ts";
import { docker } from "./docker.ts";
import type { Note } from "./progress.ts";
import type { Stack } from "./stack.ts";
import type { StackHost } from "./stack-host.ts";

/** What a Swarm keeps of a stack, in an order in which it lets them be removed. */
const KINDS = ["service", "config", "secret", "network"] as const;

/** Where its description says how it is called. */
const NAME = { service: ".Spec.Name", config: ".Spec.Name", secret: ".Spec.Name", network: ".Name" } as const;

type Kind = (typeof KINDS)[number];

/** Something that a Swarm keeps. */
export interface SwarmObject {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
}

/**
 * What a Swarm keeps of a stack, but tasks and volumes.
 * @param kinds that are asked for
 */
export async function objectsOf(
  manager: StackHost,
  stack: Stack,
  kinds: readonly Kind[] = KINDS,
): Promise<readonly SwarmObject[]> {
  const found: SwarmObject[] = [];
  for (const kind of kinds) {
    const listed = await docker([kind, "ls", "--quiet", ...labelFilters(stack)], { host: manager });
    const ids = listed.split("\n").filter((id) => id !== "");
    if (ids.length === 0) continue;
    // The list shortens ids, and a state has whole ones: what it knows would be taken for a leftover.
    const words = [kind, "inspect", "--format", `{{.ID}}\t{{${NAME[kind]}}}`, ...ids];
    for (const line of (await docker(words, { host: manager })).split("\n").filter((text) => text !== "")) {
      const [id = "", name = ""] = line.split("\t");
      found.push({ kind, id, name });
    }
  }
  return found;
}

/**
 * Removes what a run that was killed has made and not written down; its names would be taken.
 * @param unknown in the order of `objectsOf`
 */
export async function removeObjects(
  manager: StackHost,
  unknown: readonly SwarmObject[],
  note: Note,
): Promise<readonly string[]> {
  for (const { kind, id, name } of unknown) {
    note(`removing ${kind} ${name}`);
    await docker([kind, "rm", id], { host: manager });
  }
  return unknown.map(({ kind, name }) => `${kind} ${name}`);
}
