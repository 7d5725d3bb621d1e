import { expect, test } from "vitest";
import { routesClearOfAdministrations } from "../../../modules/rules/routes-clear-of-administrations.ts";
import { described, edge, route } from "../../support/description.ts";

const ADMIN = ["/admin", "/appadmin", "/*/appadmin"];
const check = (at: string, mount = "/", adminPaths = ADMIN) =>
  routesClearOfAdministrations.check(
    described({ edges: [edge({ routes: [route({ at: mount, adminPaths }), route({ app: "blog", at })] })] }),
  );

test.each(["/blog", "/administration", "/blog/admin", "/a/b/appadmin"])("a route to %s is good", (at) => {
  expect(check(at)).toEqual([]);
});

test("so is one outside of the other application's mount", () => {
  expect(check("/admin", "/shop", ["/shop/admin"])).toEqual([]);
});

test.each([
  ["/admin", "/admin"],
  ["/admin/blog", "/admin"],
  ["/blog/appadmin", "/*/appadmin"],
])("a route to %s is a violation", (at, administration) => {
  expect(check(at)).toEqual([
    {
      path: "prod/edge",
      got: `${at} to blog, while ${administration} is the administration of shop`,
      allowed: "a path apart from administrations",
      fix: "Give blog another path, such as /blog.",
    },
  ]);
});
