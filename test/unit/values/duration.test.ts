import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Duration } from "../../../modules/values/duration.ts";
import { refused } from "./refused.ts";

const LONGEST = 9_223_286_400_000;

/** Printed by Go 1.26: fmt.Println(time.Duration(milliseconds) * time.Millisecond). */
const PRINTED_BY_GO: readonly (readonly [milliseconds: number, text: string])[] = [
  [0, "0s"],
  [1, "1ms"],
  [10, "10ms"],
  [500, "500ms"],
  [999, "999ms"],
  [1000, "1s"],
  [1001, "1.001s"],
  [1500, "1.5s"],
  [2000, "2s"],
  [10000, "10s"],
  [30000, "30s"],
  [59999, "59.999s"],
  [60000, "1m0s"],
  [60001, "1m0.001s"],
  [61500, "1m1.5s"],
  [90000, "1m30s"],
  [600000, "10m0s"],
  [3599999, "59m59.999s"],
  [3600000, "1h0m0s"],
  [3600001, "1h0m0.001s"],
  [3660000, "1h1m0s"],
  [5400000, "1h30m0s"],
  [86400000, "24h0m0s"],
  [90061001, "25h1m1.001s"],
  [2592000000, "720h0m0s"],
  [LONGEST, "2562024h0m0s"],
];

describe("parsing", () => {
  test.each([
    ["0 seconds", 0],
    ["500 milliseconds", 500],
    ["1 second", 1000],
    ["30 seconds", 30_000],
    ["5 minutes", 300_000],
    ["6 hours", 21_600_000],
    ["1 day", 86_400_000],
    ["106751 days", LONGEST],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(Duration.parse(text).milliseconds).toBe(milliseconds);
  });

  test.each([
    ["1.5 hours", 'Write "90 minutes"'],
    ["1.1 hours", 'Write "66 minutes"'],
    ["0.25 seconds", 'Write "250 milliseconds"'],
    ["30s", 'Write "30 seconds"'],
    ["1h", 'Write "1 hour"'],
    ["2 weeks", 'Write "14 days"'],
    ["5 Minutes", 'Write "5 minutes"'],
    ["106752 days", 'Write at most "106751 days"'],
  ])("%j is refused: %s", (text, fix) => {
    expect(refused(() => Duration.parse(text)).fix).toBe(fix);
  });

  test.each([
    "",
    "30",
    "-1 seconds",
    "1 fortnight",
    "1h30m",
    "2 GiB",
    "1 second\n",
  ])("%j is refused", (text) => {
    refused(() => Duration.parse(text));
  });
});

test("of takes a duration or its text", () => {
  const duration = Duration.seconds(90);
  expect(Duration.of(duration)).toBe(duration);
  expect(Duration.of("90 seconds")).toEqual(duration);
});

test("seconds never cuts a remainder off", () => {
  expect(Duration.of("2 minutes").seconds).toBe(120);
  const error = refused(() => Duration.of("1500 milliseconds").seconds);
  expect(error.message).toBe(
    'Invalid duration "1500 milliseconds": allowed is a multiple of "1 second" here. Write "2 seconds".',
  );
});

test("arithmetic is exact or refused", () => {
  expect(String(Duration.of("30 seconds").times(3))).toBe("90 seconds");
  expect(String(Duration.of("1 hour").plus(Duration.of("30 minutes")))).toBe("90 minutes");
  refused(() => Duration.of("1 millisecond").times(0.5));
});

test("a day is longer than 23 hours", () => {
  expect(Duration.of("1 day").compare(Duration.of("23 hours"))).toBeGreaterThan(0);
});

test.each(PRINTED_BY_GO)("%d ms is %s in Go", (milliseconds, text) => {
  expect(Duration.milliseconds(milliseconds).toGo()).toBe(text);
});

describe("for any duration", () => {
  const anyMilliseconds = fc.oneof(fc.nat(5000), fc.nat(), fc.integer({ min: 0, max: LONGEST }));

  test("parse reads back what toString writes", () => {
    fc.assert(
      fc.property(anyMilliseconds, (milliseconds) => {
        expect(Duration.parse(Duration.milliseconds(milliseconds).toString()).milliseconds).toBe(
          milliseconds,
        );
      }),
    );
  });

  test("the parts of the Go form add up, and each is in its range", () => {
    fc.assert(
      fc.property(anyMilliseconds, (milliseconds) => {
        const text = Duration.milliseconds(milliseconds).toGo();
        const parts = /^(?:(\d+)ms|(?:(?:(\d+)h)?(\d+)m)?(\d+)(?:\.(\d{0,2}[1-9]))?s)$/.exec(text) ?? [];
        const [fraction, hours, minutes, seconds, thousandths] = parts.slice(1).map((part) => part ?? "0");
        expect(Number(minutes)).toBeLessThan(60);
        expect(Number(seconds)).toBeLessThan(60);
        const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
        expect(whole * 1000 + Number((thousandths ?? "").padEnd(3, "0")) + Number(fraction)).toBe(
          milliseconds,
        );
      }),
    );
  });
});
