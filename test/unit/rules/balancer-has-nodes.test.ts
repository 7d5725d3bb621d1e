import { expect, test } from "vitest";
import { balancerHasNodes } from "../../../modules/rules/balancer-has-nodes.ts";
import { balancer, described } from "../../support/description.ts";

test("a balancer before two nodes is good, and in development before one as well", () => {
  expect(balancerHasNodes.check(described({ balancers: [balancer()] }))).toEqual([]);
  const development = described({ purpose: "development", balancers: [balancer({ nodes: 1 })] });
  expect(balancerHasNodes.check(development)).toEqual([]);
});

test("a balancer before a single node is a violation in production", () => {
  expect(balancerHasNodes.check(described({ balancers: [balancer({ nodes: 1 })] }))).toEqual([
    {
      path: "prod/balancer",
      got: "shop with one node",
      allowed: "an application with two nodes or more",
      fix: "Write nodes: 2 at shop, or Route.to(shop) and no balancer.",
    },
  ]);
});
