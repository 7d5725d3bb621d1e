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
