import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../setup/problem.ts";
import { type Container, containersOf } from "./containers.ts";
import { complaint } from "./health.ts";
import type { Note } from "./progress.ts";
import type { Stack } from "./stack.ts";
import { list } from "./words.ts";

const SECONDS = 120;

/**
 * Waits until all containers of a stack are healthy; Terraform does not wait for those that it only started again.
 * @throws Problem that tells of each that is not after two minutes
 */
export async function waitUntilHealthy(
  stack: Stack,
  note: Note,
  signal: AbortSignal,
): Promise<readonly Container[]> {
  const end = Date.now() + SECONDS * 1000;
  let told = "";
  for (;;) {
    const containers = await containersOf(stack);
    const sick = containers.filter((container) => complaint(container) !== undefined);
    if (sick.length === 0) return containers;
    if (Date.now() > end) throw notHealthy(stack, sick);
    const waiting = `waiting for ${list(sick.map(({ node }) => node))}`;
    if (waiting !== told) note(waiting);
    told = waiting;
    await sleep(500, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function notHealthy(stack: Stack, sick: readonly Container[]): Problem {
  return new Problem({
    what: `Not everything is healthy after ${SECONDS} s.`,
    value: sick.map((container) => `${container.node} ${complaint(container)}`).join("\n"),
    fix: `npm run logs -- ${stack.name} ${sick[0]?.workload} shows more; npm start replaces what stays unhealthy`,
  });
}
