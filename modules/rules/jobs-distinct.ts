import type { Rule } from "./rule.ts";

export const jobsDistinct: Rule = {
  id: "jobs-distinct",
  statement: "Every job of an application has a name of its own.",
  source:
    "known failure: two jobs of one name have one lock and one result, and one of them is hardly ever run",
  check: ({ apps }) =>
    apps.flatMap(({ path, jobs }) =>
      jobs
        .filter(({ name }, at) => jobs.findIndex((other) => other.name === name) < at)
        .map(({ name }) => ({
          path,
          got: `another job ${name}`,
          allowed: "names that differ",
          fix: "Rename one of the two.",
        })),
    ),
};
