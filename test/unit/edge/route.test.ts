import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyProtocol, App } from "../../../modules/app/app.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Stickiness } from "../../../modules/edge/stickiness.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { hello } from "../../support/hello.ts";
import { sandbox, target } from "../../support/sandbox.ts";

const environment = sandbox();
const shop = new App(environment, "shop", { source: hello(), nodes: 2 });
const to = (at: string, sticky: Stickiness<"nothing" | "cookie"> = Stickiness.none()) =>
  Route.to(shop, { sticky, at: at as `/${string}` });

let edges = 0;
function confOf(...routes: Route<AnyProtocol, "nothing" | "cookie">[]): string {
  edges += 1;
  const edge = new Edge(environment, `edge-${edges}`, {
    server: Apache.modProxy(),
    target: target(),
    tls: Tls.selfSigned(),
    routes,
  });
  return edge.workloads()[0]?.files[0]?.content ?? "";
}

describe("the path of a route", () => {
  test.each(["/", "/shop", "/shop/blog", "/a_b-c/1"])("%s is accepted", (at) => {
    expect(to(at).at).toBe(at);
  });

  test.each([
    "",
    "shop",
    "/shop/",
    "//shop",
    "/Shop",
    "/shop one",
    "/shop\n",
    "/shop\nProxyPass / http://evil.example/",
    '/"',
    "/.slipway",
    "/a.b",
    "/%2e",
    "/$x",
  ])("%j is refused", (at) => {
    expect(() => to(at)).toThrow(InvalidValue);
    expect(() => to(at)).toThrow("Invalid route");
  });
});

test("no path of a route adds a line to the configuration, or leaves its quotes", () => {
  const lines = confOf(to("/shop", Stickiness.byCookie())).split("\n").length;
  const path = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => `/${text}`),
    fc.stringMatching(/^(\/[a-z0-9_-]{1,8}){1,4}$/),
    fc.constantFrom("/a\n", "/a\r\n", "/a\\\n", "/a\u2028", '/a"', "/a b", "/a#b"),
  );
  let accepted = 0;
  fc.assert(
    fc.property(path, (at) => {
      let route: ReturnType<typeof to>;
      try {
        route = to(at, Stickiness.byCookie());
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidValue);
        return;
      }
      accepted += 1;
      const conf = confOf(route);
      expect(conf.split("\n")).toHaveLength(at === "/" ? conf.split("\n").length : lines);
      for (const line of conf.split("\n"))
        expect((line.replaceAll('\\"', "").split('"').length - 1) % 2).toBe(0);
    }),
    { numRuns: 200 },
  );
  expect(accepted).toBeGreaterThan(20);
});
