import { matches } from "./paths.ts";
import type { Rule } from "./rule.ts";

export const routesClearOfAdministrations: Rule = {
  id: "routes-clear-of-administrations",
  statement: "No route is among the paths of another application's administration.",
  source: "recipe 11; known failure: the edge answers 404 there, whatever the route leads to",
  check: ({ edges }) =>
    edges.flatMap(({ path, routes }) =>
      routes.flatMap((route) =>
        routes
          .filter((other) => other.app !== route.app)
          .flatMap((other) =>
            other.adminPaths
              .filter((administration) => matches(route.at, administration))
              .slice(0, 1)
              .map((administration) => ({
                path,
                got: `${route.at} to ${route.app}, while ${administration} is the administration of ${other.app}`,
                allowed: "a path apart from administrations",
                fix: `Give ${route.app} another path, such as /${route.app}.`,
              })),
          ),
      ),
    ),
};
