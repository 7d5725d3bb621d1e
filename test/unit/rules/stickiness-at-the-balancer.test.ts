import { expect, test } from "vitest";
import type { StickyBy } from "../../../modules/edge/stickiness.ts";
import { stickinessAtTheBalancer } from "../../../modules/rules/stickiness-at-the-balancer.ts";
import { Name } from "../../../modules/values/name.ts";
import { balancer, described, edge, front, route } from "../../support/description.ts";

const through = (network: string, sticky: StickyBy) =>
  described({
    workloads: [front({ networks: [{ name: Name.of(network), internal: true }] })],
    edges: [edge({ routes: [route({ sticky })] })],
    balancers: [balancer({ sticky: "cookie" })],
  });

test("a plain route to a sticky balancer is good, and so is a sticky route around it", () => {
  expect(stickinessAtTheBalancer.check(through("balancer", "nothing"))).toEqual([]);
  expect(stickinessAtTheBalancer.check(through("shop", "cookie"))).toEqual([]);
});

test("a sticky route to a balancer is a violation", () => {
  expect(stickinessAtTheBalancer.check(through("balancer", "cookie"))).toEqual([
    {
      path: "prod/edge",
      got: "a route to balancer that is sticky by cookie",
      allowed: "stickiness in the engine of the balancer",
      fix: "Write sticky in the engine of balancer, and Route.to(balancer) without it.",
    },
  ]);
});
