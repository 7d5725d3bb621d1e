import { expect, test } from "vitest";
import { adminApplicationReachable } from "../../../modules/rules/admin-application-reachable.ts";
import { app, described, edge } from "../../support/description.ts";

const apps = [app({ stockApplications: ["admin", "welcome"] })];

test("no administration is good", () => {
  expect(adminApplicationReachable.check(described())).toEqual([]);
});

test.each(["over-tls", "through-tunnel"] as const)("one that is reached %s is good", (admin) => {
  const edges = [edge(), edge({ path: "prod/second", admin })];
  expect(adminApplicationReachable.check(described({ apps, edges }))).toEqual([]);
});

test.each([
  "production",
  "development",
] as const)("one that nobody reaches is a violation in %s", (purpose) => {
  expect(adminApplicationReachable.check(described({ purpose, apps }))).toEqual([
    {
      path: "prod/shop",
      got: "application admin, while admin is disabled in prod/edge",
      allowed: "no such application, or a way to it",
      fix: "Leave admin out of the source, or write admin: Admin.throughTunnel() in the edge.",
    },
  ]);
});

test("an edge that does not lead there says nothing about it", () => {
  expect(adminApplicationReachable.check(described({ apps, edges: [edge({ routes: [] })] }))).toEqual([]);
});
