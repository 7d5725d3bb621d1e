import { expect, test } from "vitest";
import { adminPasswordGenerated } from "../../../modules/rules/admin-password-generated.ts";
import { app, described, edge } from "../../support/description.ts";

const overTls = [edge({ admin: "over-tls" })];
const open = (adminPassword: "generated" | "command" | "file" | "environment" | "composed" | undefined) =>
  described({ apps: [app({ adminPassword })], edges: overTls });

test.each(["generated", "command", undefined] as const)("%s is good", (kind) => {
  expect(adminPasswordGenerated.check(open(kind))).toEqual([]);
});

test.each(["file", "environment", "composed"] as const)("%s is a violation", (kind) => {
  expect(adminPasswordGenerated.check(open(kind))).toEqual([
    {
      path: "prod/shop",
      got: `a password of the kind ${kind}, while the administration is open over TLS at prod/edge`,
      allowed: "a generated one, or an administration behind a tunnel",
      fix: 'Write admin: Secret.generated("admin-password") in the source, or admin: Admin.throughTunnel() in the edge.',
    },
  ]);
});

test("behind a tunnel, in development, and behind another edge a chosen one is good", () => {
  const apps = [app({ adminPassword: "file" })];
  expect(
    adminPasswordGenerated.check(described({ apps, edges: [edge({ admin: "through-tunnel" })] })),
  ).toEqual([]);
  expect(adminPasswordGenerated.check(described({ purpose: "development", apps, edges: overTls }))).toEqual(
    [],
  );
  const elsewhere = [edge({ admin: "over-tls", routes: [] })];
  expect(adminPasswordGenerated.check(described({ apps, edges: elsewhere }))).toEqual([]);
});
