import type { Rule } from "./rule.ts";

export const routesDistinct: Rule = {
  id: "routes-distinct",
  statement: "Each path of a site leads to one application, and each application has one path.",
  source: "recipe 3: of two routes for one path the second is never reached, and nothing says so",
  check: ({ edges }) =>
    edges.flatMap(({ path, routes }) =>
      routes.flatMap((route, index) => {
        const other = routes.slice(0, index).find(({ app, at }) => app === route.app || at === route.at);
        if (other === undefined) return [];
        return [
          {
            path,
            got: `${route.at} to ${route.app} beside ${other.at} to ${other.app}`,
            allowed: "other paths and other applications",
            fix: "Remove one of the two routes, or give it a path of its own.",
          },
        ];
      }),
    ),
};
