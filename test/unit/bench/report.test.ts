import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { describe, type Outcome, toJson } from "../../../scripts/bench/report.ts";

const OUTCOMES: readonly Outcome[] = [
  {
    measure: "synth",
    state: "measured",
    comparisons: [
      { what: "synth", against: "bare app", rounds: [{ ours: 2.5, theirs: 2 }], aim: 1.1 },
      { what: "again", against: "bare app", rounds: [{ ours: 2, theirs: 2 }], aim: 1.1 },
    ],
    details: { title: "Shares", head: ["part", "share"], rows: [["zod", "14 %"]] },
  },
  { measure: "start", state: "skipped", reason: "docker-compose is not installed" },
];

test("the table shows ratio, spread, number of rounds, and whether the aim is met", () => {
  const text = stripVTControlCharacters(describe(OUTCOMES));
  expect(text).toMatch(/synth +synth +bare app +1\.25 +1\.25 to 1\.25 \(1\) +missed: 1\.1\n/);
  expect(text).toMatch(/synth +again +bare app +1\.00 +1\.00 to 1\.00 \(1\) +<= 1\.1\n/);
});

test("what was skipped is shown, with its reason", () => {
  const text = stripVTControlCharacters(describe(OUTCOMES));
  expect(text).toMatch(/start +skipped/);
  expect(text).toContain("start skipped: docker-compose is not installed");
});

test("details follow the ratios", () => {
  expect(stripVTControlCharacters(describe(OUTCOMES))).toMatch(/Shares\npart +share\nzod +14 %/);
});

test("JSON has every round and the ratio", () => {
  const [synth, start] = JSON.parse(toJson(OUTCOMES));
  expect(synth.comparisons[0]).toMatchObject({
    rounds: [{ ours: 2.5, theirs: 2 }],
    ratio: { median: 1.25, lowest: 1.25, highest: 1.25 },
  });
  expect(start).toEqual({ measure: "start", state: "skipped", reason: "docker-compose is not installed" });
});
