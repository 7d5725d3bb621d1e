import type { Rule } from "./rule.ts";

/** PostgreSQL keeps three for superusers; backups and a person with psql need some too. */
const RESERVED = 10;

export const connectionsFit: Rule = {
  id: "connections-fit",
  statement: "A database accepts all the connections that its applications may open.",
  source: 'recipe 10; known failure: "FATAL: sorry, too many clients already" under the first real load',
  check: ({ databases, apps }) =>
    databases.flatMap(({ path, maxConnections }) => {
      const wanted = apps.reduce((sum, { connections }) => sum + (connections[path] ?? 0), RESERVED);
      if (wanted <= maxConnections) return [];
      return [
        {
          path,
          got: `connections: ${maxConnections}, while the applications may open ${wanted - RESERVED} and ${RESERVED} are kept free`,
          allowed: `at least ${wanted}`,
          fix: `Write connections: ${wanted}, or lower nodes or concurrency of an application.`,
        },
      ];
    }),
};
