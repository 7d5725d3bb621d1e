import { isWithin } from "./paths.ts";
import type { Rule } from "./rule.ts";

export const routesClearOfStaticFiles: Rule = {
  id: "routes-clear-of-static-files",
  statement: "No route stands in front of another application's static files.",
  source: "recipe 3; known failure: the longer path wins, and pages are without their style and scripts",
  check: ({ edges }) =>
    edges.flatMap(({ path, routes }) =>
      routes.flatMap((route) =>
        routes
          .filter((other) => other.app !== route.app && other.at !== route.at)
          .flatMap((other) =>
            other.staticPaths
              // Below a mount of its own, an application is as far away as on another site.
              .filter(
                (files) =>
                  isWithin(route.at, other.at) && (isWithin(route.at, files) || isWithin(files, route.at)),
              )
              .map((files) => ({
                path,
                got: `${route.at} to ${route.app} beside ${files}, the static files of ${other.app}`,
                allowed: "a path apart from static files",
                fix: `Give ${route.app} another path, such as /${route.app}.`,
              })),
          ),
      ),
    ),
};
