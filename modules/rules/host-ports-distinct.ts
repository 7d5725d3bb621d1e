import type { Rule } from "./rule.ts";

export const hostPortsDistinct: Rule = {
  id: "host-ports-distinct",
  statement: "A port of the host belongs to one instance.",
  source: "known failure: the second container fails to start, after the first was replaced",
  check: ({ workloads }) => {
    const owners = new Map<string, string>();
    return workloads.flatMap(({ path, workload }) =>
      workload.ports.flatMap(({ host, address }) => {
        const owner = owners.get(`${host}`);
        owners.set(`${host}`, owner ?? path);
        if (owner === undefined && workload.replicas === 1) return [];
        return [
          {
            path,
            got: `port ${address}:${host}, ${owner === undefined ? `for ${workload.replicas} instances` : `which ${owner} has`}`,
            allowed: "a port that nothing else publishes, of a workload with one instance",
            fix: "Choose another port in the target's ports.",
          },
        ];
      }),
    );
  },
};
