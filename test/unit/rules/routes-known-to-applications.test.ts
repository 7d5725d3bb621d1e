import { expect, test } from "vitest";
import { routesKnownToApplications } from "../../../modules/rules/routes-known-to-applications.ts";
import { app, described, edge, route } from "../../support/description.ts";

const check = (at: string, mounts: string[] | undefined) =>
  routesKnownToApplications.check(
    described({ apps: [app({ mounts })], edges: [edge({ routes: [route({ at })] })] }),
  );

test.each([
  ["/", ["/", "/shop"]],
  ["/shop", ["/", "/shop"]],
  ["/anywhere", undefined],
])("%s for an application at %j is good", (at, mounts) => {
  expect(check(at, mounts)).toEqual([]);
});

test("a path that the application does not know is a violation", () => {
  expect(check("/store", ["/", "/shop"])).toEqual([
    {
      path: "prod/edge",
      got: "/store to shop",
      allowed: "/, /shop",
      fix: 'Write at: "/shop", or rename the folder of the application.',
    },
  ]);
});
