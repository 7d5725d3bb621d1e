import type { Rule } from "./rule.ts";

/** A checkpoint of a busy server takes this long; then the next start needs no recovery. */
const LEAST_SECONDS = 30;

export const stopGrace: Rule = {
  id: "stop-grace",
  statement: "A database is given time to stop.",
  source: "known failure: the provider kills without a grace, and the next start replays the log for minutes",
  check: ({ workloads }) =>
    workloads
      .filter(
        ({ workload }) =>
          (workload.role === "database" || workload.role === "replica") &&
          workload.stop.grace.milliseconds < LEAST_SECONDS * 1000,
      )
      .map(({ path, workload }) => ({
        path,
        got: `stop grace ${workload.stop.grace}`,
        allowed: `at least ${LEAST_SECONDS} seconds`,
        fix: `Write stopGrace: "${LEAST_SECONDS} seconds" or more.`,
      })),
};
