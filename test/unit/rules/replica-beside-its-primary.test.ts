import { expect, test } from "vitest";
import { replicaBesideItsPrimary } from "../../../modules/rules/replica-beside-its-primary.ts";
import { app, described, server } from "../../support/description.ts";

const check = (connections: Record<string, number>) =>
  replicaBesideItsPrimary.check(
    described({
      databases: [server(), server({ path: "prod/db-replica", replicaOf: "prod/db" })],
      apps: [app({ connections })],
    }),
  );

test("both, and the primary alone, are good", () => {
  expect(check({ "prod/db": 60, "prod/db-replica": 60 })).toEqual([]);
  expect(check({ "prod/db": 60 })).toEqual([]);
});

test("a replica alone is a violation", () => {
  expect(check({ "prod/db-replica": 60 })).toEqual([
    {
      path: "prod/shop",
      got: "shop with prod/db-replica, and without prod/db",
      allowed: "both of them",
      fix: "Write shop.uses(db).",
    },
  ]);
});
