import type { Rule } from "./rule.ts";

export const replicaBesideItsPrimary: Rule = {
  id: "replica-beside-its-primary",
  statement: "Who reads from a replica uses its primary as well.",
  source:
    "known failure: roles and databases are made on the primary, so a replica alone refuses the password",
  check: ({ apps, databases }) =>
    databases.flatMap(({ path: replica, replicaOf }) =>
      replicaOf === undefined
        ? []
        : apps
            .filter(({ connections }) => replica in connections && !(replicaOf in connections))
            .map(({ path, name }) => ({
              path,
              got: `${name} with ${replica}, and without ${replicaOf}`,
              allowed: "both of them",
              fix: `Write ${name}.uses(${replicaOf.split("/").at(-1)}).`,
            })),
    ),
};
