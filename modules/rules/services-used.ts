import type { Role } from "../engine/workload.ts";
import type { DescribedApp, DescribedExternalDatabase, DescribedWorkload } from "./description.ts";
import type { Rule } from "./rule.ts";

/** Roles that are on the network of a service for its own sake. */
const SERVING: readonly Role[] = ["replica", "pooler", "backup"];

export const servicesUsed: Rule = {
  id: "services-used",
  statement: "Every database and every cache is used by an application.",
  source:
    "recipes 10 and 18; known failure: `uses` is forgotten, and each node goes on with a file or a cache of its own",
  check: ({ workloads, externalDatabases, apps }) =>
    workloads.some(({ workload }) => workload.role === "app")
      ? [...unused(workloads), ...externalUnused(externalDatabases, apps)].map(({ path, name, kind }) => ({
          path,
          got: `a ${kind} that nothing uses`,
          allowed: "one that an application uses, or none",
          fix: `Write app.uses(${name}), or remove it.`,
        }))
      : [],
};

interface Unused {
  readonly path: string;
  readonly name: string;
  readonly kind: string;
}

/** Services on whose networks nobody else is, but what serves them. */
function unused(workloads: readonly DescribedWorkload[]): readonly Unused[] {
  return workloads
    .filter(({ workload: { role } }) => role === "database" || role === "cache" || role === "replica")
    .filter((service) => {
      // The network that leads to it has its name; a replica is on that of its primary as well.
      const own = `${service.workload.name}`;
      return !workloads.some(
        ({ path, workload }) =>
          path !== service.path &&
          !SERVING.includes(workload.role) &&
          workload.networks.some(({ name }) => `${name}` === own),
      );
    })
    .map(({ path, workload }) => ({ path, name: workload.name.text, kind: workload.role }));
}

function externalUnused(
  databases: readonly DescribedExternalDatabase[],
  apps: readonly DescribedApp[],
): readonly Unused[] {
  return databases
    .filter(({ path }) => !apps.some(({ connections }) => path in connections))
    .map(({ path, name }) => ({ path, name, kind: "database" }));
}
