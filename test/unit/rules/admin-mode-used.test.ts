import { expect, test } from "vitest";
import { adminModeUsed } from "../../../modules/rules/admin-mode-used.ts";
import { described, edge, route } from "../../support/description.ts";

const leading = (adminPaths: string[]) => [route(), route({ app: "blog", at: "/blog", adminPaths })];

test("a way to an administration that there is, is good", () => {
  const edges = [edge({ admin: "through-tunnel", routes: leading(["/blog/admin"]) })];
  expect(adminModeUsed.check(described({ edges }))).toEqual([]);
  expect(adminModeUsed.check(described())).toEqual([]);
});

test.each(["over-tls", "through-tunnel"] as const)("%s to nothing is a violation", (admin) => {
  expect(adminModeUsed.check(described({ edges: [edge({ admin, routes: leading([]) })] }))).toEqual([
    {
      path: "prod/edge",
      got: `admin ${admin}, and no application that says where its administration is`,
      allowed: "admin disabled, or an application with an administration",
      fix: 'Remove admin, or write adminPaths: ["/admin"] in the source of an application.',
    },
  ]);
});
