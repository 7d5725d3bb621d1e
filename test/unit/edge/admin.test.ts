import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Admin, adminPathsAt, adminPattern } from "../../../modules/edge/admin.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import type { Workload } from "../../../modules/engine/workload.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Port } from "../../../modules/values/port.ts";
import { hello } from "../../support/hello.ts";
import { sandbox, target } from "../../support/sandbox.ts";
import { refused } from "../values/refused.ts";

/** Servers compile the pattern as Perl would; JavaScript has no flags inside of it. */
function matcher(paths: string[]): RegExp {
  const pattern = adminPattern(paths);
  expect(pattern.startsWith("(?is)^")).toBe(true);
  return new RegExp(pattern.slice("(?is)".length), "is");
}

describe("what matches the paths of an administration", () => {
  const admin = matcher(["/admin", "/appadmin", "/*/appadmin", "/v1.0/admin"]);

  test.each([
    "/admin",
    "/admin/",
    "/admin/default/index",
    "/ADMIN",
    "//admin",
    "/welcome/appadmin",
    "/welcome//appadmin/index",
    "/welcome\\appadmin",
    "/admin\n",
    "/%61dmin",
    "/x/%2e%2e/admin",
    "/v1.0/admin",
  ])("%j", (path) => expect(path).toMatch(admin));

  test.each([
    "/",
    "/admins",
    "/xadmin",
    "/about/admin",
    "/a/b/appadmin",
    "/v1x0/admin",
    "/100%",
    "/wiki/of/100%25",
    "/welcome/app-admin",
  ])("not %j", (path) => expect(path).not.toMatch(admin));
});

test("paths are those below the mount", () => {
  expect(adminPathsAt("/", ["/admin", "/*/appadmin"])).toEqual(["/admin", "/*/appadmin"]);
  expect(adminPathsAt("/shop", ["/admin", "/*/appadmin"])).toEqual(["/shop/admin", "/shop/*/appadmin"]);
});

test.each([
  "admin",
  "/admin/",
  "//admin",
  "/admin\nRequire all granted",
  '/"',
  "/%61dmin",
  "/a*",
  "/(admin)",
  "/",
])("%j is no path of an administration", (path) => {
  const adminPaths = [path as `/${string}`];
  const folder = "examples/hello";
  expect(refused(() => Wsgi.fromDirectory(folder, { callable: "hello:application", adminPaths })).what).toBe(
    "path of an administration",
  );
});

describe("an edge", () => {
  function edge(admin: Admin | undefined, ports = {}): Workload {
    const environment = sandbox();
    const source = Wsgi.fromDirectory("examples/hello", {
      callable: "hello:application",
      adminPaths: ["/admin"],
    });
    const routes = [
      Route.to(new App(environment, "shop", { source })),
      Route.to(new App(environment, "blog", { source: hello() }), { at: "/blog" }),
    ];
    const goal = target();
    const made = new Edge(environment, "edge", {
      server: Apache.modProxy(),
      target: { ...goal, ports: { ...goal.ports, ...ports } },
      tls: Tls.selfSigned(),
      routes,
      ...(admin && { admin }),
    });
    const [workload] = made.workloads();
    if (workload === undefined) throw new Error("no workload");
    return workload;
  }
  const published = (...args: Parameters<typeof edge>) =>
    edge(...args).ports.map(({ address, host, container }) => `${address}:${host}->${container}`);

  test("publishes no port for an administration unless it is told to", () => {
    const usual = ["192.0.2.1:8080->8080", "192.0.2.1:8443->8443"];
    expect(published(undefined)).toEqual(usual);
    expect(published(Admin.disabled())).toEqual(usual);
    expect(published(Admin.overTls())).toEqual(usual);
  });

  test("publishes the end of the tunnel on the loopback address, at port 8001 or that of the target", () => {
    expect(published(Admin.throughTunnel()).at(-1)).toBe("127.0.0.1:8001->8444");
    expect(published(Admin.throughTunnel(), { admin: Port.of(9001) }).at(-1)).toBe("127.0.0.1:9001->8444");
  });

  test.each([
    [undefined, ["404 at 8080", "404 at 8443"]],
    [Admin.disabled(), ["404 at 8080", "404 at 8443"]],
    [Admin.overTls(), ["403 at 8080"]],
    [Admin.throughTunnel(), ["404 at 8080", "404 at 8443"]],
  ])("refuses as the mode says: %#", (admin, expected) => {
    const conf = edge(admin).files.find(({ path }) => path.endsWith("httpd.conf"))?.content ?? "";
    const found = conf.split("<VirtualHost *:").flatMap((host) => {
      const status = /RewriteRule "\(\?is\).* - \[R=(\d+),L\]/.exec(host)?.[1];
      return status === undefined ? [] : [`${status} at ${Number.parseInt(host, 10)}`];
    });
    expect(found).toEqual(expected);
  });
});
