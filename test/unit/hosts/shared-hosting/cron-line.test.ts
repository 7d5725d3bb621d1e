import { expect, test } from "vitest";
import { cronTimes } from "../../../../modules/hosts/shared-hosting/cron-line.ts";

test.each([
  [1, "* * * * *"],
  [60, "* * * * *"],
  [300, "*/5 * * * *"],
  [7 * 60, "*/6 * * * *"],
  [3600, "0 * * * *"],
  [5400, "0 * * * *"],
  [5 * 3600, "0 */4 * * *"],
  [86_400, "0 0 * * *"],
  [7 * 86_400, "0 0 * * *"],
])("every %d seconds is %s, never less often", (every, line) => {
  expect(cronTimes({ every })).toBe(line);
});

test("what is by the clock stays", () => {
  expect(cronTimes({ cron: "0 3 * * 1", timezone: "UTC" })).toBe("0 3 * * 1");
});
