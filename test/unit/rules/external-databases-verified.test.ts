import { expect, test } from "vitest";
import { externalDatabasesVerified } from "../../../modules/rules/external-databases-verified.ts";
import { described, externalDatabase } from "../../support/description.ts";

const check = (changes: Parameters<typeof externalDatabase>[0], purpose?: "development") =>
  externalDatabasesVerified.check(
    described({ externalDatabases: [externalDatabase(changes)], ...(purpose && { purpose }) }),
  );

test("a server that is known by its certificate is good", () => {
  expect(check({})).toEqual([]);
});

test.each([
  ["unverified", "an unverified connection"],
  ["plain", "a connection in plain text"],
] as const)("in production an %s one is a violation", (trust, words) => {
  expect(check({ trust })).toEqual([
    {
      path: "prod/crm",
      got: `${words} to db.example.org`,
      allowed: "a server that is known by its certificate",
      fix: "Leave tls out for a public authority, or write tls: DatabaseTls.verifiedBy(file).",
    },
  ]);
  expect(check({ trust }, "development")).toEqual([]);
});
