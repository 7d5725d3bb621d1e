import { balancerOf } from "./balancer-of.ts";
import type { Rule } from "./rule.ts";

export const stickinessAtTheBalancer: Rule = {
  id: "stickiness-at-the-balancer",
  statement: "Behind a balancer visitors are led to the same node by the balancer, which alone chooses it.",
  source:
    "recipe 14; known failure: the edge sticks to its one balancer, which spreads the visitor over all nodes",
  check: (environment) =>
    environment.edges.flatMap((edge) =>
      edge.routes.flatMap((route) => {
        const balancer = balancerOf(environment, edge, route);
        if (balancer === undefined || route.sticky === "nothing") return [];
        return [
          {
            path: edge.path,
            got: `a route to ${balancer.name} that is sticky by ${route.sticky}`,
            allowed: "stickiness in the engine of the balancer",
            fix: `Write sticky in the engine of ${balancer.name}, and Route.to(${balancer.name}) without it.`,
          },
        ];
      }),
    ),
};
