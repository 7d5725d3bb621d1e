import type { Rule } from "./rule.ts";

export const sessionsInAUsedDatabase: Rule = {
  id: "sessions-in-a-used-database",
  statement: "Sessions in a database are in one that the application uses.",
  source: "recipe 13: without access to it no visitor can sign in",
  check: ({ apps }) =>
    apps
      .filter(
        ({ sessionDatabase, connections }) =>
          sessionDatabase !== undefined && !(sessionDatabase in connections),
      )
      .map(({ path, name, sessionDatabase }) => ({
        path,
        got: `sessions in ${sessionDatabase}, which ${name} does not use`,
        allowed: "a database that it uses",
        fix: `Write ${name}.uses(${sessionDatabase?.split("/").at(-1)}).`,
      })),
};
