import { expect, test } from "vitest";
import { closingLine } from "../../../scripts/test/closing-line.ts";

const file = (status: string, ...tests: string[]) => ({
  name: "/a.test.ts",
  status,
  message: "",
  assertionResults: tests.map((each) => ({ status: each, fullName: "a test", failureMessages: [] })),
});

test("counts passed and failed tests of all files", () => {
  expect(
    closingLine({ testResults: [file("passed", "passed", "passed"), file("failed", "passed", "failed")] }),
  ).toBe("3 passed, 1 failed");
});

test("counts skipped tests apart", () => {
  expect(closingLine({ testResults: [file("passed", "passed", "pending", "skipped", "todo")] })).toBe(
    "1 passed, 0 failed, 3 skipped",
  );
});

test("a file whose set-up failed is a failure although all of its tests were only skipped", () => {
  expect(closingLine({ testResults: [file("failed", "skipped", "skipped"), file("failed")] })).toBe(
    "0 passed, 2 failed, 2 skipped",
  );
});
