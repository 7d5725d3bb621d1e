import type { Rule } from "./rule.ts";

export const servicesOnInternalNetworks: Rule = {
  id: "services-on-internal-networks",
  statement: "Databases and caches are on networks without a way out.",
  source: "recipes 10 and 18: whoever breaks in there carries the data away over any other network",
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.role === "database" || workload.role === "cache")
      .flatMap(({ path, workload }) =>
        workload.networks
          .filter(({ internal }) => !internal)
          .map(({ name }) => ({
            path,
            got: `network ${name}, which leads outside`,
            allowed: "internal networks",
            fix: "Write internal: true for the network.",
          })),
      ),
};
