import type { Rule } from "./rule.ts";

export const schemasWithoutPooler: Rule = {
  id: "schemas-without-pooler",
  statement: "Applications of web2py use a database without a pooler.",
  source:
    "known failure: each opens its connections with a search_path of its own, for its schema, and PgBouncer refuses that",
  check: ({ apps, databases }) =>
    apps
      .filter(({ kind }) => kind === "web2py")
      .flatMap(({ path, name, connections }) =>
        databases
          .filter((database) => database.pool !== undefined && database.path in connections)
          .map((database) => ({
            path,
            got: `${name} behind the pooler of ${database.path}`,
            allowed: "a database without a pooler",
            fix: `Write ${name}.uses(other) with a Postgres of its own, or leave out pooler.`,
          })),
      ),
};
