import { expect, test } from "vitest";
import { extensionsSql, pgHba, rolesSql } from "../../modules/postgres/grants.ts";
import { Name } from "../../modules/values/name.ts";

const tenants = [
  { name: Name.of("shop"), passwordFile: "/run/secrets/shop-password", connections: 60 },
  { name: Name.of("big-blog"), passwordFile: "/run/secrets/big-blog-password", connections: 30 },
];

test("pg_hba.conf for two applications", async () => {
  const hba = pgHba(tenants);
  const records = hba
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/));
  expect(records).toEqual([
    ["local", "all", "postgres", "peer"],
    ["hostssl", '"shop"', '"shop"', "samenet", "scram-sha-256"],
    ["hostssl", '"big-blog"', '"big-blog"', "samenet", "scram-sha-256"],
  ]);
  await expect(hba).toMatchFileSnapshot("pg-hba-two-applications.conf.golden");
});

test("roles.sql for two applications", async () => {
  const sql = rolesSql(tenants);
  // psql reads the passwords itself; what is said about them before must keep them out of the server's log.
  expect(sql.match(/^\\set password `cat .*`$/gm)).toEqual([
    "\\set password `cat /run/secrets/shop-password`",
    "\\set password `cat /run/secrets/big-blog-password`",
  ]);
  expect(sql.indexOf("log_min_error_statement = panic")).toBeLessThan(sql.indexOf("\\set password"));
  expect(sql.match(/REVOKE ALL ON DATABASE "[a-z-]+" FROM PUBLIC;/g)).toHaveLength(2);
  await expect(sql).toMatchFileSnapshot("roles-two-applications.sql.golden");
});

test("extensions are made in the database of each application, once the databases are there", () => {
  const lines = extensionsSql(tenants, ["pg_trgm", "uuid-ossp"]).split("\n");
  expect(lines.filter((line) => /connect|EXTENSION/.test(line))).toEqual(
    ["shop", "big-blog"].flatMap((name) => [
      `\\connect "${name}"`,
      'CREATE EXTENSION IF NOT EXISTS "pg_trgm" CASCADE;',
      'ALTER EXTENSION "pg_trgm" UPDATE;',
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" CASCADE;',
      'ALTER EXTENSION "uuid-ossp" UPDATE;',
    ]),
  );
});

test("a server that nothing uses lets nobody in", () => {
  expect(pgHba([])).not.toMatch(/^host/m);
  expect(rolesSql([]) + extensionsSql([], ["pg_trgm"])).not.toMatch(/ROLE|DATABASE/);
});
