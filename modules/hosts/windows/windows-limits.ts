import { InvalidValue } from "../../values/invalid-value.ts";
import { edgeOf, type RoutedApp, routedApps } from "../export/exported-site.ts";
import type { ExportedStack } from "../export/exported-stack.ts";

/** The application that Windows can have of a stack. @throws InvalidValue for what cannot work there */
export function windowsApp(stack: ExportedStack): RoutedApp {
  const { name, description } = stack;
  const [routed, ...others] = routedApps(stack);
  if (routed === undefined || others.length > 0) {
    throw new InvalidValue({
      what: `applications of ${name} on Windows`,
      got: edgeOf(stack)
        .routes.map(({ app }) => app)
        .join(", "),
      allowed: "one, for mod_wsgi has no daemons there, and all would share one process",
      fix: "Export a stack with one application and one route to it",
    });
  }
  const { described } = routed.app;
  if (described.sessions === "cache") {
    throw new InvalidValue({
      what: `sessions of ${described.path} on Windows`,
      got: described.sessions,
      allowed: "cookies, database, files or sticky, for memcached does not run there",
      fix: "Write sessions: Sessions.in(db)",
    });
  }
  const servers = description.databases.map((database) => database.name);
  const outside = description.externalDatabases.map((database) => database.name);
  if (servers.length > 1 || (servers.length > 0 && outside.length > 0)) {
    throw new InvalidValue({
      what: `database servers of ${name} on Windows`,
      got: [...servers, ...outside].join(", "),
      allowed: "one, which is reached at 127.0.0.1, or servers of others alone",
      fix: "Export a stack with one Postgres",
    });
  }
  return routed;
}
