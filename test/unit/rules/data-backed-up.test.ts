import { expect, test } from "vitest";
import { dataBackedUp } from "../../../modules/rules/data-backed-up.ts";
import { backup, described, server } from "../../support/description.ts";

test("what a backup names is good, and development needs none", () => {
  expect(dataBackedUp.check(described())).toEqual([]);
  expect(dataBackedUp.check(described({ purpose: "development", backups: [] }))).toEqual([]);
});

test("a replica is in the backup of its primary", () => {
  const replica = server({ path: "prod/db-replica", replicaOf: "prod/db" });
  expect(dataBackedUp.check(described({ databases: [server(), replica] }))).toEqual([]);
});

test.each([
  [["prod/db", "prod/shared"], []],
  [["prod/shared"], [backup({ of: ["prod/db"] })]],
])("%s without a backup", (paths, backups) => {
  const found = dataBackedUp.check(described({ backups }));
  expect(found.map(({ path }) => path)).toEqual(paths);
  expect(found[0]).toMatchObject({ got: "no backup", allowed: "a Backup that names it" });
});
