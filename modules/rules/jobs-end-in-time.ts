import type { Rule } from "./rule.ts";

export const jobsEndInTime: Rule = {
  id: "jobs-end-in-time",
  statement: "A job ends before it is due again, or says what is to be done.",
  source:
    "known failure: a job takes longer than the time between two runs, and they pile up or are left out unnoticed",
  check: ({ apps }) =>
    apps.flatMap(({ path, jobs }) =>
      jobs
        .filter(({ overlap, timeout, period }) => overlap === undefined && timeout.compare(period) > 0)
        .map(({ name, timeout, period }) => ({
          path,
          got: `a job ${name} that may take ${timeout}, and is due again after ${period}`,
          allowed: "a timeout of at most the time between two runs, or a stated overlap",
          fix: `Write timeout: "${period}", or overlap: "forbid" to leave runs out, or overlap: "replace" to end the one before.`,
        })),
    ),
};
