import { InvalidValue } from "../../values/invalid-value.ts";
import type { ExportedApp, ExportedStack } from "./exported-stack.ts";

/**
 * @param host where the stack is exported to, such as "a shared host"
 * @throws InvalidValue for an application that reads from a copy of its database, which that host has none of
 */
export function refuseReplicaUse(
  { description: { workloads } }: ExportedStack,
  { described: { name, path, connections } }: ExportedApp,
  host: string,
): void {
  const replicas = workloads.filter((one) => one.role === "replica" && connections[one.path] !== undefined);
  if (replicas.length === 0) return;
  throw new InvalidValue({
    what: `replicas of ${path} on ${host}`,
    got: replicas.map(({ path }) => path).join(", "),
    allowed: "none, for there is one database",
    fix: `Leave out ${replicas.map(({ name }) => name).join(" and ")}, and let ${name} read from its database`,
  });
}
