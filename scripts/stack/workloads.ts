import { Problem } from "../setup/problem.ts";
import { type Container, containersOf } from "./containers.ts";
import type { Stack } from "./stack.ts";
import { requireKnown } from "./status.ts";
import { list } from "./words.ts";

/**
 * The containers of a stack, or of one of its workloads; a node's name is as good as a workload's.
 * @throws Problem when there is none
 */
export async function containersNamed(stack: Stack, name: string | undefined): Promise<readonly Container[]> {
  const all = await containersOf(stack);
  requireKnown(stack, all);
  const found =
    name === undefined ? all : all.filter(({ workload, node }) => workload === name || node === name);
  if (found.length > 0) return found;
  if (all.length === 0) {
    throw new Problem({
      what: `There are no containers of the stack ${stack.name}.`,
      fix: `npm start -- ${stack.name} makes them`,
    });
  }
  throw new Problem({
    what: `The stack ${stack.name} has no such workload.`,
    value: JSON.stringify(name),
    allowed: list([...new Set(all.flatMap(({ workload, node }) => [workload, node]))]),
    fix: "name one of these",
  });
}
