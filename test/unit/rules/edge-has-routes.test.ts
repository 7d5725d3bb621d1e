import { expect, test } from "vitest";
import { edgeHasRoutes } from "../../../modules/rules/edge-has-routes.ts";
import { described, edge } from "../../support/description.ts";

test("an edge with a route is good", () => {
  expect(edgeHasRoutes.check(described())).toEqual([]);
});

test("one without is a violation", () => {
  expect(
    edgeHasRoutes.check(described({ edges: [edge(), edge({ path: "prod/second", routes: [] })] })),
  ).toEqual([
    {
      path: "prod/second",
      got: "no routes for shop.example.org",
      allowed: "at least one route",
      fix: "Write routes: [Route.to(app)].",
    },
  ]);
});
