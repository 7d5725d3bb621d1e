import { expect, test } from "vitest";
import { adminApplicationsLeftOut } from "../../../modules/rules/admin-applications-left-out.ts";
import { app, described } from "../../support/description.ts";

const stock = [app({ stockApplications: ["_dashboard", "_scaffold", "showcase"] })];

test("the team's own applications are good", () => {
  expect(adminApplicationsLeftOut.check(described())).toEqual([]);
});

test("the framework's own in production are a violation", () => {
  expect(adminApplicationsLeftOut.check(described({ apps: stock }))).toEqual([
    {
      path: "prod/shop",
      got: "applications _scaffold, showcase",
      allowed: "the team's own applications",
      fix: "Leave _scaffold, showcase out of the source.",
    },
  ]);
});

test("development may have them", () => {
  expect(adminApplicationsLeftOut.check(described({ purpose: "development", apps: stock }))).toEqual([]);
});
