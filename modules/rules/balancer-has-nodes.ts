import type { Rule } from "./rule.ts";

export const balancerHasNodes: Rule = {
  id: "balancer-has-nodes",
  statement: "A balancer in production has at least two nodes to choose from.",
  source:
    "recipe 14; known failure: before a single node it is one more thing that can fail, and saves no request",
  check: ({ purpose, balancers }) =>
    purpose === "development"
      ? []
      : balancers
          .filter(({ nodes }) => nodes < 2)
          .map(({ path, app, name }) => ({
            path,
            got: `${app} with one node`,
            allowed: "an application with two nodes or more",
            fix: `Write nodes: 2 at ${app}, or Route.to(${app}) and no ${name}.`,
          })),
};
