import { resolve } from "node:path";
import { expect, test } from "vitest";
import { failures } from "../../../scripts/test/failures.ts";

const passed = { status: "passed", fullName: "the edge answers", failureMessages: [] };
const file = { name: resolve("test/e2e/edge.test.ts"), status: "failed", message: "" };

test("names each failed test and shows how its message begins", () => {
  const message = ["AssertionError: expected 503 to be 200", "", ...Array(40).fill("  at somewhere")].join(
    "\n",
  );
  const failed = { status: "failed", fullName: "the edge answers quickly", failureMessages: [message] };
  const [only, ...others] = failures({ testResults: [{ ...file, assertionResults: [passed, failed] }] });
  expect(others).toEqual([]);
  expect(only?.split("\n").slice(0, 3)).toEqual([
    "failed: test/e2e/edge.test.ts: the edge answers quickly",
    "    AssertionError: expected 503 to be 200",
    "    at somewhere",
  ]);
  expect(only?.split("\n").length).toBeLessThan(8);
});

test("shortens lines that go on for ever", () => {
  const failed = { ...passed, status: "failed", failureMessages: ["x".repeat(100_000)] };
  expect(failures({ testResults: [{ ...file, assertionResults: [failed] }] })[0]?.length).toBeLessThan(500);
});

test("names a file that could not be run at all", () => {
  const message = "Error: no engine answers";
  expect(failures({ testResults: [{ ...file, message, assertionResults: [] }] })).toEqual([
    "failed: test/e2e/edge.test.ts\n    Error: no engine answers",
  ]);
});

test("says nothing of what passed", () => {
  expect(failures({ testResults: [{ ...file, status: "passed", assertionResults: [passed] }] })).toEqual([]);
});
