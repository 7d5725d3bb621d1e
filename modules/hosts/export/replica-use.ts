import { InvalidValue } from "../../values/invalid-value.ts";
import { type ExportedApp, type ExportedStack, secretAt } from "./exported-stack.ts";

/**
 * @param host where the stack is exported to, such as "a shared host"
 * @throws InvalidValue for an application that reads from a copy of its database, which that host has none of
 */
export function refuseReplicaUse(
  stack: ExportedStack,
  { described, workload, secrets }: ExportedApp,
  host: string,
): void {
  const replicas = stack.description.workloads.filter(({ role }) => role === "replica");
  for (const path of secrets.filter((path) => path.endsWith("-url"))) {
    const asked = URL.parse(secretAt(stack, workload, path))?.hostname;
    const replica = replicas.find(({ name, nodes }) => [name, ...nodes].includes(asked ?? ""));
    if (replica === undefined) continue;
    throw new InvalidValue({
      what: `database that ${described.path} uses on ${host}`,
      got: `the replica ${replica.name}`,
      allowed: "a database that is no replica",
      fix: `Leave ${described.name}.uses(${replica.name}) out of the stack that is exported`,
    });
  }
}
