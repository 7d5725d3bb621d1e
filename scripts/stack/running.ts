import pc from "picocolors";
import { addressesOf, addressLines } from "./addresses.ts";
import type { Container } from "./containers.ts";
import { complaint } from "./health.ts";
import type { Stack } from "./stack.ts";
import { table } from "./table.ts";
import { bytes, span } from "./words.ts";

/** What runs after a deployment and where it is, for people. */
export function running(stack: Stack, containers: readonly Container[]): string {
  const rows = containers.map((container) => [
    container.node,
    complaint(container) === undefined ? pc.green("healthy") : pc.red(container.health),
    bytes(container.memoryLimit),
    span(Date.now() - container.since.getTime()),
  ]);
  return `${table(["node", "health", "memory limit", "up for"], rows)}\n\n${addressLines(addressesOf(stack, containers))}\n`;
}
