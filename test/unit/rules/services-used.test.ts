import { expect, test } from "vitest";
import { servicesUsed } from "../../../modules/rules/services-used.ts";
import { Name } from "../../../modules/values/name.ts";
import { cache, database, described, nodes } from "../../support/description.ts";

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

test("without any application nothing has to be used", () => {
  expect(servicesUsed.check(described({ workloads: [database(networks("db"))] }))).toEqual([]);
});
