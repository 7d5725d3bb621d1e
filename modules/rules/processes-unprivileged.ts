import type { Rule } from "./rule.ts";

export const processesUnprivileged: Rule = {
  id: "processes-unprivileged",
  statement: "No workload runs as root.",
  source: "CIS Docker Benchmark 4.1: a way out of the container is then a way to root on the host",
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.user === 0)
      .map(({ path }) => ({
        path,
        got: "user 0",
        allowed: "a user other than 0",
        fix: "Create a user in the image and name its number.",
      })),
};
