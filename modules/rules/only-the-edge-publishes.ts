import type { Rule } from "./rule.ts";

export const onlyTheEdgePublishes: Rule = {
  id: "only-the-edge-publishes",
  statement: "Only the edge publishes ports.",
  source: "recipe 11; known failure: Docker's address translation goes around the firewall of the host",
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.role !== "edge")
      .flatMap(({ path, workload }) =>
        workload.ports.map(({ address, host, container }) => ({
          path,
          got: `${address}:${host} published, leading to port ${container} of the ${workload.role}`,
          allowed: "no published port",
          fix: "Remove publish, and reach it with `npm run console` or from a workload that `uses` it.",
        })),
      ),
};
