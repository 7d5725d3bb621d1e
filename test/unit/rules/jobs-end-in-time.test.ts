import { expect, test } from "vitest";
import { jobsEndInTime } from "../../../modules/rules/jobs-end-in-time.ts";
import { Duration } from "../../../modules/values/duration.ts";
import { app, described, job } from "../../support/description.ts";

const check = (changes: Parameters<typeof job>[0]) =>
  jobsEndInTime.check(described({ apps: [app({ jobs: [job(changes)] })] }));

test("a job that ends before it is due again is good, and one that says what is to be done", () => {
  expect(check({ timeout: Duration.of("1 hour") })).toEqual([]);
  expect(check({ timeout: Duration.of("2 hours"), overlap: "forbid" })).toEqual([]);
});

test("one that may take longer and says nothing is a violation", () => {
  expect(check({ timeout: Duration.of("61 minutes") })).toEqual([
    {
      path: "prod/shop",
      got: "a job report that may take 61 minutes, and is due again after 1 hour",
      allowed: "a timeout of at most the time between two runs, or a stated overlap",
      fix: 'Write timeout: "1 hour", or overlap: "forbid" to leave runs out, or overlap: "replace" to end the one before.',
    },
  ]);
});
