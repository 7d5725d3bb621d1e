import { expect, test } from "vitest";
import { stopGrace } from "../../../modules/rules/stop-grace.ts";
import { Duration, type DurationText } from "../../../modules/values/duration.ts";
import { database, described, nodes } from "../../support/description.ts";

const grace = (text: DurationText) => ({ stop: { signal: "SIGINT", grace: Duration.of(text) } }) as const;

test.each<DurationText>(["30 seconds", "2 minutes"])("a database with %s is good", (text) => {
  expect(stopGrace.check(described({ workloads: [database(grace(text))] }))).toEqual([]);
});

test.each<DurationText>([
  "29 seconds",
  "1 second",
  "29999 milliseconds",
])("a database with %s is a violation", (text) => {
  expect(stopGrace.check(described({ workloads: [database(grace(text))] }))).toEqual([
    {
      path: "prod/db",
      got: `stop grace ${text}`,
      allowed: "at least 30 seconds",
      fix: 'Write stopGrace: "30 seconds" or more.',
    },
  ]);
});

test("what keeps nothing may be quick", () => {
  expect(stopGrace.check(described({ workloads: [nodes(grace("1 second"))] }))).toEqual([]);
});
