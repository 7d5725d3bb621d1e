import { expect, test } from "vitest";
import { type Check, failed, none, pass } from "../../../scripts/verify/check.ts";
import type { Site } from "../../../scripts/verify/site.ts";
import { verify } from "../../../scripts/verify/verification.ts";

const site = { stack: { name: "dev" } } as Site;
const check = (name: string, run: Check["run"]): Check => ({ name, recipe: "recipe 1", run });

test("what a check throws is a failure, and the others still run", async () => {
  const result = await verify(site, [
    check("one", async () => pass("200")),
    check("two", async () => {
      throw new Error("connect ECONNREFUSED");
    }),
    check("three", async () => failed("200", "404")),
  ]);
  expect(result).toMatchObject({ stack: "dev", ok: false, passed: 1, failed: 2 });
  expect(result.checks.map(({ name, ok, seen, expected }) => [name, ok, seen, expected])).toEqual([
    ["one", true, "200", null],
    ["two", false, "connect ECONNREFUSED", "an answer"],
    ["three", false, "200", "404"],
  ]);
});

test("all deviations are told", () => {
  expect(none([], "fine", "fine")).toEqual({ ok: true, seen: "fine" });
  expect(none(["a: 200", "b: 500"], "fine", "404")).toEqual({
    ok: false,
    seen: "a: 200; b: 500",
    expected: "404",
  });
});
