import type { Rule } from "./rule.ts";

export const edgeHasRoutes: Rule = {
  id: "edge-has-routes",
  statement: "An edge leads somewhere.",
  source: "known failure: every deploy succeeds, the edge is healthy, and visitors get 404 for every page",
  check: ({ edges }) =>
    edges
      .filter(({ routes }) => routes.length === 0)
      .map(({ path, hostname }) => ({
        path,
        got: `no routes for ${hostname}`,
        allowed: "at least one route",
        fix: "Write routes: [Route.to(app)].",
      })),
};
