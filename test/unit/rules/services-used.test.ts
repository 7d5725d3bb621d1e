import { expect, test } from "vitest";
import { servicesUsed } from "../../../modules/rules/services-used.ts";
import { Name } from "../../../modules/values/name.ts";
import { app, cache, database, described, externalDatabase, nodes } from "../../support/description.ts";

const networks = (...names: string[]) => ({
  networks: names.map((name) => ({ name: Name.of(name), internal: true })),
});

test("services whose network an application is on are good", () => {
  const workloads = [
    database(networks("db")),
    cache(networks("cache")),
    nodes(networks("shop", "db", "cache")),
  ];
  expect(servicesUsed.check(described({ workloads }))).toEqual([]);
});

test.each([
  ["database", database, "db"],
  ["cache", cache, "cache"],
] as const)("a %s that nothing uses is a violation", (role, make, name) => {
  const workloads = [make(networks(name)), nodes(networks("shop", "other"))];
  expect(servicesUsed.check(described({ workloads }))).toEqual([
    {
      path: `prod/${name}`,
      got: `a ${role} that nothing uses`,
      allowed: "one that an application uses, or none",
      fix: `Write app.uses(${name}), or remove it.`,
    },
  ]);
});

test("a database whose pooler, replica and backup alone reach it is a violation", () => {
  const serving = (["pooler", "replica", "backup"] as const).map((role) => ({
    path: `prod/db-${role}`,
    workload: { ...database(networks("db", `db-${role}`)).workload, name: Name.of(`db-${role}`), role },
  }));
  const found = (...used: string[]) =>
    servicesUsed
      .check(
        described({ workloads: [database(networks("db")), ...serving, nodes(networks("shop", ...used))] }),
      )
      .map(({ path }) => path);
  expect(found()).toEqual(["prod/db", "prod/db-replica"]);
  expect(found("db", "db-replica")).toEqual([]);
});

test("a database elsewhere that nothing uses is a violation", () => {
  const check = (connections: Record<string, number>) =>
    servicesUsed.check(described({ externalDatabases: [externalDatabase()], apps: [app({ connections })] }));
  expect(check({ "prod/crm": 60 })).toEqual([]);
  expect(check({ "prod/db": 60 })).toMatchObject([{ path: "prod/crm", got: "a database that nothing uses" }]);
});

test("without any application nothing has to be used", () => {
  expect(servicesUsed.check(described({ workloads: [database(networks("db"))] }))).toEqual([]);
});
