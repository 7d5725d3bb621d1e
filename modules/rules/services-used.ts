import type { Rule } from "./rule.ts";

export const servicesUsed: Rule = {
  id: "services-used",
  statement: "Every database and every cache is used by an application.",
  source:
    "recipes 10 and 18; known failure: `uses` is forgotten, and each node goes on with a file or a cache of its own",
  check: ({ workloads }) =>
    workloads.some(({ workload }) => workload.role === "app")
      ? workloads
          .filter(({ workload }) => workload.role === "database" || workload.role === "cache")
          .filter((service) => {
            const own = service.workload.networks.map(({ name }) => `${name}`);
            // A backup looks after what others use.
            const others = workloads.filter((other) => other !== service && other.workload.role !== "backup");
            return !others.some(({ workload }) =>
              workload.networks.some(({ name }) => own.includes(`${name}`)),
            );
          })
          .map(({ path, workload }) => ({
            path,
            got: `a ${workload.role} that nothing uses`,
            allowed: "one that an application uses, or none",
            fix: `Write app.uses(${workload.name}), or remove it.`,
          }))
      : [],
};
