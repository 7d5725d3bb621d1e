import type { Rule } from "./rule.ts";

export const publishedPortsStopFirst: Rule = {
  id: "published-ports-stop-first",
  statement: "What publishes a port stops before its successor starts.",
  source: 'known failure: "port is already allocated" in every release after the first',
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.ports.length > 0 && workload.release === "start-first")
      .map(({ path, workload }) => ({
        path,
        got: `port ${workload.ports[0]?.host} with release "start-first"`,
        allowed: 'release "stop-first", or no published port',
        fix: 'Write release: "stop-first", or lead to it from an edge.',
      })),
};
