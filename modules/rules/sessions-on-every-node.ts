import { balancerOf } from "./balancer-of.ts";
import type { Description } from "./description.ts";
import type { Rule } from "./rule.ts";

export const sessionsOnEveryNode: Rule = {
  id: "sessions-on-every-node",
  statement: "A visitor who signed in on one node is signed in on every node.",
  source: "recipes 12, 13, 14 and 19: files of one node are unknown to the next, and logins come and go",
  check: (environment) =>
    environment.apps
      .filter(({ nodes, sessions }) => nodes > 1 && sessions === "sticky")
      .filter(({ name }) => !isSticky(name, environment))
      .map(({ path, name, nodes }) => ({
        path,
        got: `${nodes} nodes with sessions in files that are not shared, and routes without stickiness`,
        allowed: "sessions in cookies, a database, a cache or shared folders, or sticky routes",
        fix: `Write sessions: Sessions.in(db) or Sessions.inFiles(shared), or Route.to(${name}, { sticky: Stickiness.byCookie() }).`,
      })),
};

/** A balancer chooses the node, where there is one, and not the edge before it. */
function isSticky(app: string, environment: Description): boolean {
  const own = environment.edges.flatMap((edge) =>
    edge.routes
      .filter((route) => route.app === app)
      .map((route) => balancerOf(environment, edge, route)?.sticky ?? route.sticky),
  );
  return own.length > 0 && own.every((sticky) => sticky !== "nothing");
}
