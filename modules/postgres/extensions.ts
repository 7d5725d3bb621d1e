import { InvalidValue } from "../values/invalid-value.ts";

/**
 * Extensions that come with PostgreSQL's own source (its contrib modules), in the versions of version.ts. Those that hand
 * out the server's files or other servers to whoever may use them are left out: an application is no administrator.
 */
export const EXTENSIONS = [
  "amcheck",
  "autoinc",
  "bloom",
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "dict_int",
  "dict_xsyn",
  "earthdistance",
  "fuzzystrmatch",
  "hstore",
  "insert_username",
  "intagg",
  "intarray",
  "isn",
  "lo",
  "ltree",
  "moddatetime",
  "pg_trgm",
  "pgcrypto",
  "pgrowlocks",
  "pgstattuple",
  "refint",
  "seg",
  "sslinfo",
  "tablefunc",
  "tcn",
  "tsm_system_rows",
  "tsm_system_time",
  "unaccent",
  "uuid-ossp",
  "xml2",
] as const;

export type Extension = (typeof EXTENSIONS)[number];

/** @throws InvalidValue for one that there is not. */
export function knownExtensions(extensions: readonly Extension[]): readonly Extension[] {
  const unknown = extensions.find((extension) => !EXTENSIONS.includes(extension));
  if (unknown === undefined) return extensions;
  throw new InvalidValue({
    what: "extension of PostgreSQL",
    got: unknown,
    allowed: EXTENSIONS.join(", "),
    fix: 'Write a list such as extensions: ["pg_trgm"]',
  });
}
