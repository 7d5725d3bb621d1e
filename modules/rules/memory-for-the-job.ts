import type { Role } from "../engine/workload.ts";
import { Size } from "../values/size.ts";
import type { Rule } from "./rule.ts";

/** Below these the server starts and then is killed by the kernel under its first load. */
const LEAST: Readonly<Record<Role, Size>> = {
  database: Size.mebibytes(256),
  replica: Size.mebibytes(256),
  app: Size.mebibytes(128),
  job: Size.mebibytes(128),
  backup: Size.mebibytes(128),
  storage: Size.mebibytes(128),
  edge: Size.mebibytes(64),
  balancer: Size.mebibytes(64),
  cache: Size.mebibytes(32),
  pooler: Size.mebibytes(32),
  acme: Size.mebibytes(32),
  publisher: Size.mebibytes(32),
};

export const memoryForTheJob: Rule = {
  id: "memory-for-the-job",
  statement: "Every workload has a memory limit that its server can live with.",
  source: "known failure: the kernel kills the server, clients see resets, and nothing is in the log",
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.limits.memory.bytes < LEAST[workload.role].bytes)
      .map(({ path, workload }) => ({
        path,
        got: `memory ${workload.limits.memory}`,
        allowed: `at least ${LEAST[workload.role]}`,
        fix: `Write memory: "${LEAST[workload.role]}" or more.`,
      })),
};
