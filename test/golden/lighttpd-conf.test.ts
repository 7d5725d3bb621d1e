import { expect, test } from "vitest";
import { App, type AppProps } from "../../modules/app/app.ts";
import { Py4web } from "../../modules/app/py4web.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Lighttpd } from "../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../modules/edge/route.ts";
import { Stickiness } from "../../modules/edge/stickiness.ts";
import type { Environment } from "../../modules/environment/environment.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { InvalidValue } from "../../modules/values/invalid-value.ts";
import { Port } from "../../modules/values/port.ts";
import { TestAuthority } from "../support/certificates.ts";
import { hello } from "../support/hello.ts";
import { sandbox, target } from "../support/sandbox.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const app = (environment: Environment, id: string, props: Partial<AppProps> = {}) =>
  new App(environment, id, { source: hello(), nodes: 2, ...props });

/** All files of an edge, one after the other, but those that every edge has. */
function filesOf(edge: Edge<"fastcgi" | "http", "nothing" | "address", "self-signed" | "files">): string {
  const files = edge.workloads()[0]?.files ?? [];
  return files
    .filter(({ path }) => path !== "/etc/slipway/hostnames")
    .map(({ path, content }) => `==> ${path}\n${content}`)
    .join("\n");
}

test("two applications by FastCGI over Unix sockets, the one at the root with a prefix of its own", async () => {
  const environment = sandbox();
  const guestbook = app(environment, "guestbook", { source: Py4web.fromDirectory("examples/guestbook") });
  const shop = app(environment, "big-shop", { nodes: 3 });
  const files = filesOf(
    new Edge(environment, "edge", {
      server: Lighttpd.fastCgi(),
      target: target(),
      tls: Tls.selfSigned(),
      routes: [Route.to(guestbook), Route.to(shop, { at: "/shop", sticky: Stickiness.byAddress() })],
    }),
  );
  // A browser that has once been told would refuse the self-signed certificate for two years.
  expect(files).not.toContain("Strict-Transport-Security");
  // The first that matches: the longer path must come first.
  expect(files.indexOf('"^/shop(?:/|$)"')).toBeLessThan(files.indexOf('"^/" {'));
  // Their files are where they are, whatever container is behind them.
  expect(files).toContain("==> /etc/slipway/nodes\n# Written by Slipway.\n\n");
  await expect(files).toMatchFileSnapshot("lighttpd-two-apps-prefix-and-sticky.conf.golden");
});

test("an application by HTTP, with a certificate from files", async () => {
  const environment = sandbox();
  const { certificate, key } = new TestAuthority(temporaryFolder()).issue("shop", ["DNS:shop.example.org"]);
  const files = filesOf(
    new Edge(environment, "edge", {
      server: Lighttpd.proxy(),
      target: target({ aliases: [], ports: { http: Port.of(80), https: Port.of(443) } }),
      tls: Tls.files({ chain: certificate, key }),
      routes: [Route.to(app(environment, "shop"))],
      bodyLimit: "1 MiB",
      timeout: "10 seconds",
    }),
  );
  expect(files).toContain("Strict-Transport-Security");
  expect(files).toContain('ssl.privkey = "/run/secrets/tls-key"');
  expect(files).toContain("server.max-request-size = 1024\n");
  expect(files).toContain("nodes_shop shop-1=shop-1:8003 shop-2=shop-2:8003\n");
  // The port that browsers take by themselves is not written into addresses.
  expect(files).not.toContain(":443");
  await expect(files).toMatchFileSnapshot("lighttpd-certificate-from-files.conf.golden");
});

test("an application where the one at the root has its own paths is refused", () => {
  const environment = sandbox();
  const guestbook = app(environment, "guestbook", { source: Py4web.fromDirectory("examples/guestbook") });
  const edge = new Edge(environment, "edge", {
    server: Lighttpd.fastCgi(),
    target: target(),
    tls: Tls.selfSigned(),
    routes: [Route.to(guestbook), Route.to(app(environment, "other"), { at: "/guestbook" })],
  });
  expect(() => edge.workloads()).toThrow(InvalidValue);
});
