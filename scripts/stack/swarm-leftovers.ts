import { labelFilters } from "./containers.ts";
import { docker } from "./docker.ts";
import type { Note } from "./progress.ts";
import type { Stack } from "./stack.ts";
import type { StackHost } from "./stack-host.ts";

/** What a Swarm keeps of a stack, in an order in which it lets them be removed. */
const KINDS = ["service", "config", "secret", "network"] as const;

/** Something that a Swarm keeps. */
export interface SwarmObject {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  readonly name: string;
}

/** Everything that a Swarm keeps of a stack, but tasks and volumes. */
export async function objectsOf(manager: StackHost, stack: Stack): Promise<readonly SwarmObject[]> {
  const found: SwarmObject[] = [];
  for (const kind of KINDS) {
    const truncated = kind === "network" ? ["--no-trunc"] : [];
    const words = [kind, "ls", ...truncated, "--format", "{{.ID}}\t{{.Name}}", ...labelFilters(stack)];
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
