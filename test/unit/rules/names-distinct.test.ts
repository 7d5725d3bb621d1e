import { expect, test } from "vitest";
import { namesDistinct } from "../../../modules/rules/names-distinct.ts";
import { Name } from "../../../modules/values/name.ts";
import { cache, described, nodes } from "../../support/description.ts";

const check = (...workloads: readonly [string, number][]) =>
  namesDistinct.check(
    described({
      workloads: workloads.map(([name, replicas], at) => ({
        ...(at === 0 ? nodes : cache)({ name: Name.of(name), replicas }),
        path: `prod/${at}/${name}`,
      })),
    }),
  );

test("names of one's own are good", () => {
  expect(namesDistinct.check(described())).toEqual([]);
  expect(check(["shop", 2], ["shop-3", 1], ["shop-blue", 2])).toEqual([]);
});

test("a name that another workload has is a violation", () => {
  expect(check(["shop", 1], ["shop", 1])).toEqual([
    {
      path: "prod/1/shop",
      got: "name shop, which prod/0/shop has",
      allowed: "a name that is free",
      fix: "Rename one of the two.",
    },
  ]);
});

test("so is the name of another workload's node", () => {
  expect(check(["shop", 2], ["shop-2", 1]).map(({ got }) => got)).toEqual([
    "name shop-2, which prod/0/shop has",
  ]);
  expect(check(["shop-2", 1], ["shop", 2]).map(({ got }) => got)).toEqual([
    "name shop-2, which prod/0/shop-2 has",
  ]);
});

test("so is the name that all nodes of another workload answer to", () => {
  expect(check(["shop", 2], ["shop", 1]).map(({ got }) => got)).toEqual(["name shop, which prod/0/shop has"]);
});
