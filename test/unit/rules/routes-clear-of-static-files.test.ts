import { expect, test } from "vitest";
import { routesClearOfStaticFiles } from "../../../modules/rules/routes-clear-of-static-files.ts";
import { described, edge, route } from "../../support/description.ts";

const check = (at: string, staticPaths: string[], mount = "/") =>
  routesClearOfStaticFiles.check(
    described({
      edges: [
        edge({
          routes: [
            route({ at: mount, staticPaths }),
            route({ app: "blog", at, staticPaths: [`${at}/static`] }),
          ],
        }),
      ],
    }),
  );

test.each([
  ["/blog", ["/static"], "/"],
  ["/static-site", ["/static"], "/"],
  ["/shop/blog", ["/shop/static"], "/shop"],
  ["/shop", ["/shop-old/static"], "/shop-old"],
  // The whole application is at the root, and its static files are not below the route.
  ["/", ["/shop/static"], "/shop"],
])("a route to %s beside %j of %s is good", (at, files, mount) => {
  expect(check(at, files, mount)).toEqual([]);
});

test.each([
  ["/static", ["/static"]],
  ["/static/blog", ["/static"]],
  ["/shop", ["/static", "/shop/static"]],
])("a route to %s beside %j is a violation", (at, files) => {
  expect(check(at, files)).toEqual([
    {
      path: "prod/edge",
      got: `${at} to blog beside ${files.at(-1)}, the static files of shop`,
      allowed: "a path apart from static files",
      fix: "Give blog another path, such as /blog.",
    },
  ]);
});

test("two applications at one path are another rule's business", () => {
  expect(check("/", ["/static"])).toEqual([]);
});
