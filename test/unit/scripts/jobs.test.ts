import { expect, test } from "vitest";
import { describeJobs, jobsIn } from "../../../scripts/stack/jobs.ts";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const report = {
  name: "report",
  schedule: "every 3600 s",
  started: "2026-11-26T11:57:00.000Z",
  seconds: 4.2,
  result: "succeeded",
  exitCode: 0,
  skipped: 0,
  next: "2026-11-26T12:57:00.000Z",
};
const health = (...jobs: readonly object[]) => `${JSON.stringify({ jobs })}\n`;

test("the jobs of a container are those of its last health check that told of any", () => {
  const outputs = [
    health({ ...report, exitCode: 3 }),
    health(report),
    "Health check exceeded timeout (5s)",
    "",
  ];
  expect(jobsIn(outputs, "shop-jobs", true)).toEqual([{ workload: "shop-jobs", ...report }]);
  expect(jobsIn(["", '{"jobs":[{"name":"cut'], "shop-jobs", true)).toEqual([]);
});

test("what ran in a container that was stopped was interrupted, and nothing is due", () => {
  const outputs = [health({ ...report, result: "running", seconds: null, exitCode: null })];
  expect(jobsIn(outputs, "shop-jobs", false)).toMatchObject([{ result: "interrupted", next: null }]);
});

test("people see when a job ran and is due, and are told of a run that was not good", () => {
  const jobs = jobsIn(
    [
      health(
        report,
        { ...report, name: "tidy", result: "failed", exitCode: 3, skipped: 2 },
        { ...report, name: "new", started: null, seconds: null, result: null, exitCode: null },
      ),
    ],
    "shop-jobs",
    true,
  );
  const lines = describeJobs(jobs, "dev", NOW)
    .join("\n")
    .replace(/\p{Cc}\[\d+m/gu, "")
    .split("\n");
  expect(lines.map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
    "",
    "job  of  schedule  last start  result  took  next",
    "report  shop-jobs  every 3600 s  3 min ago  succeeded  4 s  in 57 min",
    "tidy  shop-jobs  every 3600 s  3 min ago  failed, 2 left out  4 s  in 57 min",
    "new  shop-jobs  every 3600 s  –  –  –  in 57 min",
    "",
    "✖ tidy failed with exit code 3; npm run logs -- dev shop-jobs tells more",
  ]);
  expect(describeJobs([], "dev", NOW)).toEqual([]);
});
