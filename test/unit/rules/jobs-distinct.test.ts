import { expect, test } from "vitest";
import { jobsDistinct } from "../../../modules/rules/jobs-distinct.ts";
import { app, described, job } from "../../support/description.ts";

test("jobs of one name are good in different applications", () => {
  const apps = [app({ jobs: [job(), job({ name: "tidy" })] }), app({ name: "blog", jobs: [job()] })];
  expect(jobsDistinct.check(described({ apps }))).toEqual([]);
});

test("two of one application are a violation", () => {
  expect(jobsDistinct.check(described({ apps: [app({ jobs: [job(), job()] })] }))).toEqual([
    {
      path: "prod/shop",
      got: "another job report",
      allowed: "names that differ",
      fix: "Rename one of the two.",
    },
  ]);
});
