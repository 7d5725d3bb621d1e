import { InvalidValue } from "../../values/invalid-value.ts";
import type { ExportedStack } from "../export/exported-stack.ts";

/** @throws InvalidValue for copies of a database: the one PostgreSQL of the host would have to be its own copy */
export function refuseReplicas({ name, description: { workloads } }: ExportedStack): void {
  const replicas = workloads.filter(({ role }) => role === "replica").map((one) => one.name);
  if (replicas.length === 0) return;
  throw new InvalidValue({
    what: `replicas of ${name} on a host with Cherokee`,
    got: replicas.join(", "),
    allowed: "none, for the host has one PostgreSQL, at 127.0.0.1",
    fix: "Leave out each Replica, and let applications read from the Postgres that it is a copy of",
  });
}
