import { expect, test } from "vitest";
import { routesDistinct } from "../../../modules/rules/routes-distinct.ts";
import { described, edge, route } from "../../support/description.ts";

const routes = (...pairs: [app: string, at: string][]) =>
  described({
    edges: [edge({ routes: pairs.map(([app, at]) => route({ app, at })) })],
  });

test("different applications at different paths are fine", () => {
  expect(routesDistinct.check(routes(["shop", "/"], ["blog", "/blog"]))).toEqual([]);
});

test("two applications at one path, and one application at two, are reported with both routes", () => {
  expect(routesDistinct.check(routes(["shop", "/"], ["blog", "/"])).map(({ got }) => got)).toEqual([
    "/ to blog beside / to shop",
  ]);
  expect(routesDistinct.check(routes(["shop", "/"], ["shop", "/shop"])).map(({ got }) => got)).toEqual([
    "/shop to shop beside / to shop",
  ]);
});
