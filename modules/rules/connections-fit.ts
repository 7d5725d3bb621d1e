import type { DescribedApp, DescribedDatabase } from "./description.ts";
import type { Rule } from "./rule.ts";

/** PostgreSQL keeps three for superusers; backups and a person with psql need some too. */
const RESERVED = 10;

export const connectionsFit: Rule = {
  id: "connections-fit",
  statement: "A database accepts all the connections that its applications may open.",
  source: 'recipe 10; known failure: "FATAL: sorry, too many clients already" under the first real load',
  check: ({ databases, externalDatabases, apps }) => {
    const wanted = (path: string) => apps.reduce((sum, { connections }) => sum + (connections[path] ?? 0), 0);
    return [
      ...databases.flatMap((database) => [server(database, wanted(database.path)), ...pools(database, apps)]),
      // Of an external server only the share of the role is known, and that has none kept free.
      ...externalDatabases.map(({ path, maxConnections = Number.POSITIVE_INFINITY }) => ({
        path,
        accepted: maxConnections,
        opened: wanted(path),
        reserved: 0,
        setting: "connections",
        who: "the applications",
        other: "lower nodes or concurrency of an application",
      })),
    ]
      .filter(({ accepted, opened, reserved }) => !(opened + reserved <= accepted))
      .map(({ path, accepted, opened, reserved, setting, who, other }) => ({
        path,
        got: `${setting}: ${accepted}, while ${who} may open ${opened}${reserved > 0 ? ` and ${reserved} are kept free` : ""}`,
        allowed: `at least ${opened + reserved}`,
        fix: `Write ${setting}: ${opened + reserved}, or ${other}.`,
      }));
  },
};

/** Something that accepts connections, and those that want them. */
interface Share {
  readonly path: string;
  readonly accepted: number;
  readonly opened: number;
  readonly reserved: number;
  /** Name of the setting that says how many are accepted. */
  readonly setting: string;
  readonly who: string;
  /** What to do instead. */
  readonly other: string;
}

function server({ path, maxConnections, pool }: DescribedDatabase, wanted: number): Share {
  return {
    path,
    accepted: maxConnections,
    opened: pool?.opened ?? wanted,
    reserved: RESERVED,
    setting: "connections",
    who: pool === undefined ? "the applications" : "the pooler and migrations",
    other:
      pool === undefined ? "lower nodes or concurrency of an application" : "lower the size of the pooler",
  };
}

/** A client keeps its connection of a pool of sessions, so each needs one; transactions take turns. */
function pools({ path, pool }: DescribedDatabase, apps: readonly DescribedApp[]): readonly Share[] {
  if (pool?.mode !== "session") return [];
  return apps.map(({ name, connections }) => ({
    path,
    accepted: pool.size,
    opened: connections[path] ?? 0,
    reserved: 0,
    setting: "size",
    who: name,
    other: "share them with Pooler.transactions()",
  }));
}
