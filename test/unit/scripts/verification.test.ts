import { expect, test } from "vitest";
import { type Check, failed, none, pass } from "../../../scripts/verify/check.ts";
import type { Site } from "../../../scripts/verify/site.ts";
import { verify } from "../../../scripts/verify/verification.ts";

const siteOf = (name: string) => ({ stack: { name: "dev" }, declared: { name } }) as Site;
const site = siteOf("edge");
const check = (name: string, run: Check["run"]): Check => ({ name, recipe: "recipe 1", run });

test("what a check throws is a failure, and the others still run", async () => {
  const result = await verify(
    [site],
    [
      check("one", async () => pass("200")),
      check("two", async () => {
        throw new Error("connect ECONNREFUSED");
      }),
      check("three", async () => failed("200", "404")),
    ],
  );
  expect(result).toMatchObject({ stack: "dev", ok: false, passed: 1, failed: 2 });
  expect(result.checks.map(({ name, ok, seen, expected }) => [name, ok, seen, expected])).toEqual([
    ["one", true, "200", null],
    ["two", false, "connect ECONNREFUSED", "an answer"],
    ["three", false, "200", "404"],
  ]);
});

test("every edge is looked at, and checks that visitors notice come last, one at a time", async () => {
  const order: string[] = [];
  const noted = (name: string, disruptive: boolean): Check => ({
    ...check(name, async (on) => {
      order.push(`${name} begins on ${on.declared.name}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} ends on ${on.declared.name}`);
      return pass("");
    }),
    disruptive,
  });
  const checks = [noted("kill", true), noted("look", false)];
  const result = await verify([siteOf("one"), siteOf("two")], checks);
  expect(order).toEqual([
    "look begins on one",
    "look begins on two",
    "look ends on one",
    "look ends on two",
    "kill begins on one",
    "kill ends on one",
    "kill begins on two",
    "kill ends on two",
  ]);
  expect(result).toMatchObject({ passed: 4, failed: 0 });
  expect(result.checks.map(({ edge, name }) => [edge, name])).toEqual([
    ["one", "look"],
    ["one", "kill"],
    ["two", "look"],
    ["two", "kill"],
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
