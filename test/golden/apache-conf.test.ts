import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { App, type AppProps } from "../../modules/app/app.ts";
import { Py4web } from "../../modules/app/py4web.ts";
import { Wsgi } from "../../modules/app/wsgi.ts";
import { Admin } from "../../modules/edge/admin.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Route } from "../../modules/edge/route.ts";
import { Stickiness } from "../../modules/edge/stickiness.ts";
import type { Environment } from "../../modules/environment/environment.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { Hostname } from "../../modules/values/hostname.ts";
import { Port } from "../../modules/values/port.ts";
import { TestAuthority } from "../support/certificates.ts";
import { hello } from "../support/hello.ts";
import { sandbox, target } from "../support/sandbox.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const app = (environment: Environment, id: string, props: Partial<AppProps> = {}) =>
  new App(environment, id, { source: hello(), nodes: 2, ...props });

function confOf(edge: Pick<Edge, "workloads">): string {
  return edge.workloads()[0]?.files.find(({ path }) => path === "/etc/slipway/httpd.conf")?.content ?? "";
}

const linesWith = (conf: string, word: string) => conf.split("\n").filter((line) => line.includes(word));

test("one application at the root of the site", async () => {
  const environment = sandbox();
  const shop = app(environment, "shop", { source: Py4web.fromDirectory("examples/guestbook") });
  const edge = new Edge(environment, "edge", {
    server: Apache.modProxy(),
    target: target(),
    tls: Tls.selfSigned(),
    routes: [Route.to(shop)],
  });
  const conf = confOf(edge);
  // A browser that has once been told would refuse the self-signed certificate for two years.
  expect(conf).not.toContain("Strict-Transport-Security");
  expect(linesWith(conf, "BalancerMember").map((line) => line.trim().split(" ")[1])).toEqual(
    expect.arrayContaining(["uwsgi://shop-1:8000", "uwsgi://shop-2:8000"]),
  );
  expect(linesWith(conf, "X-PY4WEB-APPNAME").map((line) => line.trim())).toEqual([
    "RequestHeader unset X-PY4WEB-APPNAME",
    "RequestHeader set X-PY4WEB-APPNAME /guestbook",
    "RequestHeader set X-PY4WEB-APPNAME /guestbook",
    "RequestHeader set X-PY4WEB-APPNAME /guestbook",
  ]);
  await expect(conf).toMatchFileSnapshot("apache-one-app-at-root.conf.golden");
});

test.each([
  [1, ["connectiontimeout=2"]],
  [2, ["connectiontimeout=200ms"]],
])("with %i nodes a connection is given up soon only where another node can answer", (nodes, timeouts) => {
  const environment = sandbox();
  const routes = [Route.to(app(environment, "shop", { nodes }))];
  const edge = { server: Apache.modProxy(), target: target(), tls: Tls.selfSigned(), routes };
  const members = linesWith(confOf(new Edge(environment, "edge", edge)), "BalancerMember");
  const waits = members.map((line) => /connectiontimeout=\S+/.exec(line)?.[0]);
  expect([...new Set(waits)]).toEqual(timeouts);
});

test("two applications, one of them below a path and sticky", async () => {
  const environment = sandbox();
  const [blog, shop] = [app(environment, "blog"), app(environment, "big-shop", { nodes: 3 })];
  const routes = [Route.to(blog), Route.to(shop, { at: "/shop", sticky: Stickiness.byCookie() })];
  const conf = confOf(
    new Edge(environment, "edge", {
      server: Apache.modProxy(),
      target: target(),
      tls: Tls.selfSigned(),
      routes,
    }),
  );
  // Apache takes the first that matches: the longer path must come first.
  const order = linesWith(conf, "ProxyPass /").filter((line) => line.includes("balancer:"));
  expect(order.map((line) => line.trim().split(" ")[1])).toEqual(["/shop", "/"]);
  expect(linesWith(conf, "stickysession")).toHaveLength(1);
  expect(linesWith(conf, "Set-Cookie").join()).toMatch(
    /"slipway_big_shop=.*Path=\/shop; Secure; HttpOnly; SameSite=Lax"/,
  );
  await expect(conf).toMatchFileSnapshot("apache-two-apps-prefix-and-sticky.conf.golden");
});

test("a certificate from files", async () => {
  const environment = sandbox();
  const { certificate, key } = new TestAuthority(temporaryFolder()).issue("shop", ["DNS:shop.example.org"]);
  const tls = Tls.files({ chain: certificate, key });
  const edge = new Edge(environment, "edge", {
    server: Apache.modProxy(),
    target: target({ aliases: [], ports: { http: Port.of(80), https: Port.of(443) } }),
    tls,
    routes: [Route.to(app(environment, "shop"))],
    bodyLimit: "1 MiB",
    timeout: "10 seconds",
  });
  const conf = confOf(edge);
  expect(linesWith(conf, "Strict-Transport-Security")).toHaveLength(1);
  expect(
    linesWith(conf, "SSLCertificateKeyFile").every((line) => line.endsWith(" /run/secrets/tls-key")),
  ).toBe(true);
  expect(linesWith(conf, "LimitRequestBody")).toEqual(["LimitRequestBody 1048576"]);
  // The port that browsers take by themselves is not written into addresses.
  expect(conf).not.toMatch(/https:\/\/%1:443/);
  await expect(conf).toMatchFileSnapshot("apache-certificate-from-files.conf.golden");
});

test("a certificate of an authority, which the server asks itself", async () => {
  const environment = sandbox("production");
  const ca = new TestAuthority(temporaryFolder()).certificate;
  const tls = Tls.acme({
    email: "webmaster@example.org",
    directory: "https://ca.example.org/dir",
    authority: ca,
  });
  const edge = new Edge(environment, "edge", {
    server: Apache.modProxy(),
    target: target({ aliases: [Hostname.of("www.shop.example.org"), Hostname.of("192.0.2.1")] }),
    tls,
    routes: [Route.to(app(environment, "shop"))],
  });
  const conf = confOf(edge);
  // No authority signs for an address by its name; and the account must survive the container.
  expect(linesWith(conf, "MDomain")).toEqual(["MDomain shop.example.org www.shop.example.org"]);
  const [workload] = edge.workloads();
  expect(workload?.volumes[0]).toMatchObject({ path: "/var/lib/slipway/tls", volume: { keep: true } });
  expect(linesWith(conf, "MDStoreDir")).toEqual(["MDStoreDir /var/lib/slipway/tls/acme"]);
  expect(workload?.files.find(({ path }) => path.endsWith("authority.pem"))?.content).toBe(
    readFileSync(ca, "utf8"),
  );
  expect(linesWith(conf, "Strict-Transport-Security")).toHaveLength(1);
  await expect(conf).toMatchFileSnapshot("apache-certificate-by-acme.conf.golden");
});

test("what the issuer's responder says is handed on, where there is one", () => {
  const environment = sandbox();
  const extensions = "authorityInfoAccess=OCSP;URI:http://ocsp.example.org";
  const { certificate, key } = new TestAuthority(temporaryFolder()).issue("shop", ["DNS:shop.example.org"], {
    extensions,
  });
  const conf = confOf(
    new Edge(environment, "edge", {
      server: Apache.modProxy(),
      target: target({ aliases: [] }),
      tls: Tls.files({ chain: certificate, key }),
      routes: [Route.to(app(environment, "shop"))],
    }),
  );
  expect(linesWith(conf, "SSLUseStapling")).toEqual(["SSLUseStapling On"]);
});

test("an administration behind a tunnel", async () => {
  const environment = sandbox();
  const source = Wsgi.fromDirectory("examples/hello", {
    callable: "hello:application",
    adminPaths: ["/admin", "/*/appadmin"],
  });
  const conf = confOf(
    new Edge(environment, "edge", {
      server: Apache.modProxy(),
      target: target(),
      tls: Tls.acme({ email: "webmaster@example.org" }),
      routes: [Route.to(app(environment, "shop", { source }))],
      admin: Admin.throughTunnel(),
    }),
  );
  const listeners = conf.split("<VirtualHost ").slice(1);
  expect(listeners.map((text) => /^\*:(\d+)/.exec(text)?.[1])).toEqual([
    ...["8080", "8080"],
    ...["8443", "8443"],
    ...["8444", "8444"],
  ]);
  // All of the site, but neither the refusal nor the promise to browsers, which would hold for everybody's localhost.
  expect(linesWith(listeners[5] ?? "", "admin")).toEqual([]);
  expect(listeners[5]).not.toContain("Strict-Transport-Security");
  expect(listeners[5]).toContain("ServerAlias localhost");
  await expect(conf).toMatchFileSnapshot("apache-admin-behind-tunnel.conf.golden");
});

test("every section that is opened is closed, in order", () => {
  const environment = sandbox();
  const routes = ["/", "/a", "/a/b"].map((at, index) =>
    Route.to(app(environment, `app-${index}`), { at: at as `/${string}`, sticky: Stickiness.byCookie() }),
  );
  const conf = confOf(
    new Edge(environment, "edge", {
      server: Apache.modProxy(),
      target: target(),
      tls: Tls.selfSigned(),
      routes,
    }),
  );
  const open: string[] = [];
  for (const [, closing, name = ""] of conf.matchAll(/^\s*<(\/?)(\w+)/gm)) {
    if (closing === "") open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
});
