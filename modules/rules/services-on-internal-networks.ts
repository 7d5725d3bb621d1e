import type { Role } from "../engine/workload.ts";
import type { Rule } from "./rule.ts";

const SERVICES: readonly Role[] = ["database", "replica", "pooler", "cache"];

export const servicesOnInternalNetworks: Rule = {
  id: "services-on-internal-networks",
  statement: "Databases and caches are on networks without a way out.",
  source: "recipes 10 and 18: whoever breaks in there carries the data away over any other network",
  check: ({ workloads }) => {
    const toRepository = new Set(
      workloads
        .filter(({ workload }) => workload.role === "backup")
        .flatMap(({ workload }) => workload.networks.map(({ name }) => name.text)),
    );
    return workloads
      .filter(({ workload }) => SERVICES.includes(workload.role))
      .flatMap(({ path, workload }) =>
        workload.networks
          // To a repository on another machine the server hands its WAL over itself (docs/decisions/0014-backups.md).
          .filter(({ name, internal }) => !internal && !toRepository.has(name.text))
          .map(({ name }) => ({
            path,
            got: `network ${name}, which leads outside`,
            allowed: "internal networks",
            fix: "Write internal: true for the network.",
          })),
      );
  },
};
