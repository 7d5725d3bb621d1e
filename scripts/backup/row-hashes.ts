/**
 * Types whose values hash the same only when they are the same, without being written out as text: half the time.
 * For all others the row is hashed as text.
 */
const HASHABLE = [
  ...[
    "bool",
    "int2",
    "int4",
    "int8",
    "oid",
    "float4",
    "float8",
    "numeric",
    "text",
    "varchar",
    "bpchar",
    "name",
  ],
  ...["bytea", "date", "time", "timestamp", "timestamptz", "interval", "uuid", "jsonb", "inet"],
]
  .map((type) => `'${type}'`)
  .join(", ");

/** Tables whose rows outlive a restart, those with large objects included. */
const TABLES = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence = 'p'
    AND (n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') OR c.oid = 'pg_largeobject'::regclass)`;

/** The databases of a server that have content of their own. */
export const DATABASES =
  "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1;";

/** Keeps all tables as they are until the transaction ends. A lock that is not given soon would hold visitors up. */
export const LOCK_TABLES = `SET LOCAL lock_timeout = '1s';
DO $$ DECLARE t regclass; BEGIN
  FOR t IN SELECT c.oid FROM ${TABLES} AND n.nspname <> 'pg_catalog' ORDER BY c.oid LOOP
    EXECUTE format('LOCK TABLE ONLY %s IN SHARE MODE', t);
  END LOOP;
END $$;`;

/** For each table its name, the number of rows, and two sums over their hashes, in any order of rows. */
export const ROW_HASHES = `SELECT format(
  'SELECT %L, count(*), coalesce(bit_xor(h), 0), coalesce(sum((h & 2147483647)::int4), 0) FROM (SELECT %s AS h FROM ONLY %s AS t) AS hashed',
  format('%I.%I', n.nspname, c.relname),
  CASE WHEN EXISTS (SELECT FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND y.typname NOT IN (${HASHABLE}))
    THEN 'hashtextextended(t::text, 0)' ELSE 'hash_record_extended(t, 0)' END,
  c.oid::regclass)
FROM ${TABLES} ORDER BY n.nspname, c.relname \\gexec`;

/** One table of a database, and what its rows come to. */
export interface TableHash {
  /** `database schema.table` */
  readonly table: string;
  readonly rows: number;
  readonly hash: string;
}

/** Reads the lines of {@link ROW_HASHES}. */
export function parseHashes(database: string, lines: readonly string[]): readonly TableHash[] {
  return lines
    .filter((line) => line.includes("|"))
    .map((line) => {
      const fields = line.split("|");
      const [rows = "0", ...sums] = fields.slice(-3);
      return {
        table: `${database} ${fields.slice(0, -3).join("|")}`,
        rows: Number(rows),
        hash: sums.join("/"),
      };
    });
}

/** What is not the same on both sides, in a line for each table. */
export function differences(live: readonly TableHash[], restored: readonly TableHash[]): readonly string[] {
  const found = new Map(restored.map((one) => [one.table, one]));
  const known = new Set(live.map(({ table }) => table));
  return [
    ...live.flatMap(({ table, rows, hash }) => {
      const other = found.get(table);
      if (other === undefined) return [`${table} is missing in the restored database`];
      if (other.rows !== rows) return [`${table} has ${rows} rows, and ${other.rows} when restored`];
      return other.hash === hash ? [] : [`${table} has ${rows} rows, some of which are others when restored`];
    }),
    ...restored
      .filter(({ table }) => !known.has(table))
      .map(({ table }) => `${table} is only in the restored database`),
  ];
}
