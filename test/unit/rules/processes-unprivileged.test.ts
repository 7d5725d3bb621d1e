import { expect, test } from "vitest";
import { processesUnprivileged } from "../../../modules/rules/processes-unprivileged.ts";
import { cache, database, described } from "../../support/description.ts";

test("users with a number of their own are good", () => {
  expect(processesUnprivileged.check(described())).toEqual([]);
});

test("root is a violation", () => {
  expect(processesUnprivileged.check(described({ workloads: [database(), cache({ user: 0 })] }))).toEqual([
    {
      path: "prod/cache",
      got: "user 0",
      allowed: "a user other than 0",
      fix: "Create a user in the image and name its number.",
    },
  ]);
});

const HANDED_ON = ["DAC_READ_SEARCH", "SETUID", "SETGID"] as const;

test("a start as root that takes one capability along to another user is good", () => {
  const start = cache({ user: 0, becomes: 8000, capabilities: HANDED_ON });
  expect(processesUnprivileged.check(described({ workloads: [start] }))).toEqual([]);
});

test.each([
  ["stays root", { becomes: 0, capabilities: HANDED_ON }],
  ["does not say who it becomes", { capabilities: HANDED_ON }],
  ["has more than it takes", { becomes: 8000, capabilities: [...HANDED_ON, "CHOWN"] }],
] as const)("a start as root that %s is a violation", (_, changes) => {
  expect(
    processesUnprivileged.check(described({ workloads: [cache({ user: 0, ...changes })] })),
  ).toHaveLength(1);
});
