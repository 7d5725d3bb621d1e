import { describe, expect, test } from "vitest";
import { jobsFile } from "../../../modules/jobs/jobs-file.ts";
import { Schedule } from "../../../modules/jobs/schedule.ts";
import { stopGrace } from "../../../modules/jobs/scheduler.ts";
import { Duration } from "../../../modules/values/duration.ts";
import { Name } from "../../../modules/values/name.ts";

describe("a schedule", () => {
  test("of every so often counts in seconds", () => {
    const schedule = Schedule.every("5 minutes");
    expect(schedule.settings).toEqual({ every: 300 });
    expect(`${schedule}`).toBe("every 5 minutes");
  });

  test.each(["0 seconds", "1500 milliseconds"] as const)("is not every %s", (period) => {
    expect(() => Schedule.every(period)).toThrow(/Write "/);
  });

  test.each([
    ["*/5 * * * *", "UTC", "5 minutes"],
    ["0 3 * * *", "UTC", "1 day"],
    // When the clock is put forward.
    ["0 3 * * *", "Europe/Berlin", "23 hours"],
    ["0,30 9-17 * * MON-FRI", "America/Port-au-Prince", "30 minutes"],
    ["0 0 29 2 *", "Etc/GMT+1", "1461 days"],
  ])("knows the shortest time between two runs of %s in %s", (expression, zone, period) => {
    expect(`${Schedule.cron(expression, zone).period}`).toBe(period);
  });

  test.each([
    "",
    "* * * *",
    "* * * * * *",
    " 0 3 * * *",
    "61 * * * *",
    "0 3 30 2 *",
    "@daily",
    "0 3 L * *",
  ])("is not the expression %j", (expression) => {
    expect(() => Schedule.cron(expression)).toThrow(/Invalid cron expression/);
  });

  test.each([
    "Europe/Berlino",
    "europe/berlin",
    "Europe/berlin",
    "../etc/passwd",
    "",
  ])("is not in the time zone %j", (zone) => {
    expect(() => Schedule.cron("0 3 * * *", zone)).toThrow(/Invalid time zone/);
  });
});

const job = {
  name: Name.of("report"),
  schedule: Schedule.cron("0 3 * * *", "Europe/Berlin"),
  overlap: "forbid",
  timeout: Duration.of("10 minutes"),
  command: ["python", "-m", "shop.report", "two words"],
} as const;

test("the file of the scheduler names each job, when it is due, and its command", () => {
  expect(jobsFile([job, { ...job, name: Name.of("tick"), schedule: Schedule.every("1 hour") }])).toEqual({
    path: "/etc/slipway/jobs.json",
    content: `[
  {
    "name": "report",
    "schedule": {
      "cron": "0 3 * * *",
      "timezone": "Europe/Berlin"
    },
    "overlap": "forbid",
    "timeout": 600,
    "command": [
      "python",
      "-m",
      "shop.report",
      "two words"
    ]
  },
  {
    "name": "tick",
    "schedule": {
      "every": 3600
    },
    "overlap": "forbid",
    "timeout": 600,
    "command": [
      "python",
      "-m",
      "shop.report",
      "two words"
    ]
  }
]
`,
  });
});

test("a stop waits for the longest run", () => {
  expect(`${stopGrace([job, { timeout: Duration.of("1 minute") }])}`).toBe("620 seconds");
});
