import { expect, test } from "vitest";
import { App, type AppProps } from "../../modules/app/app.ts";
import { Concurrency } from "../../modules/app/concurrency.ts";
import { Py4web } from "../../modules/app/py4web.ts";
import { nodeConf } from "../../modules/app/server/mod-wsgi.ts";
import { Server } from "../../modules/app/server/server.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Route } from "../../modules/edge/route.ts";
import type { Environment } from "../../modules/environment/environment.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { hello } from "../support/hello.ts";
import { sandbox, target } from "../support/sandbox.ts";

const daemon = (conf: string) => /^WSGIDaemonProcess (.*)$/m.exec(conf)?.[1]?.split(" ") ?? [];

const app = (environment: Environment, id: string, props: Partial<AppProps> = {}) =>
  new App(environment, id, { source: hello(), ...props });

function edge(environment: Environment, ...routes: Route<"wsgi", "nothing">[]): Edge<"wsgi", "nothing"> {
  return new Edge(environment, "edge", {
    server: Apache.modWsgi(),
    target: target(),
    tls: Tls.selfSigned(),
    routes,
  });
}

test("a node of threads says nothing of processes, which would make wsgi.multiprocess true", async () => {
  const conf = nodeConf({ name: "shop", concurrency: Concurrency.threads(15) });
  expect(daemon(conf)).toContain("threads=15");
  expect(daemon(conf).join()).not.toContain("processes=");
  expect(daemon(conf)).toContain("display-name=%{GROUP}");
  await expect(conf).toMatchFileSnapshot("mod-wsgi-node-threads.conf.golden");
});

test("a node of processes", async () => {
  const conf = nodeConf({ name: "shop", concurrency: Concurrency.processes(5) }, 1000);
  expect(daemon(conf)).toEqual(expect.arrayContaining(["processes=5", "threads=1", "maximum-requests=1000"]));
  await expect(conf).toMatchFileSnapshot("mod-wsgi-node-processes.conf.golden");
});

test("an edge with an application in it is one workload with what both need", async () => {
  const environment = sandbox();
  const source = Py4web.fromDirectory("examples/guestbook");
  const site = edge(environment, Route.to(app(environment, "shop", { source, environment: { A: "b" } })));
  const workloads = environment.describe().workloads.map(({ workload }) => workload);
  expect(workloads.map(({ name, role }) => `${name} ${role}`)).toEqual(["edge edge"]);
  const [workload] = workloads;
  expect(workload).toMatchObject({
    user: 8000,
    capabilities: [],
    environment: { A: "b", SLIPWAY_CERTIFICATE: "self-signed" },
    stop: { signal: "SIGWINCH" },
    reconfigurable: true,
  });
  expect(workload?.limits.memory.mebibytes).toBe(512);
  expect(workload?.files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["/etc/slipway/settings_private.py", "/etc/slipway/httpd.conf"]),
  );
  expect(workload?.files.map(({ path }) => path).sort()).toEqual([
    ...new Set(workload?.files.map(({ path }) => path).sort()),
  ]);
  expect(workload?.volumes.map(({ volume, path }) => `${volume.name} ${path}`)).toEqual([
    "shop-static /srv/static",
    "edge-tls-shop /var/lib/slipway/tls",
  ]);
  const conf =
    site.workloads()[0]?.files.find(({ path }) => path === "/etc/slipway/httpd.conf")?.content ?? "";
  // Whose address a visitor has, only the loopback listener takes from a header.
  expect(conf.split("RemoteIPHeader")).toHaveLength(2);
  expect(conf).toMatch(/<VirtualHost 127\.0\.0\.1:8005>\n {2}RemoteIPHeader/);
  await expect(conf).toMatchFileSnapshot("apache-application-inside.conf.golden");
});

test("what cannot run inside of an edge is refused, with what to do", () => {
  const environment = sandbox();
  expect(() => edge(environment, Route.to(app(environment, "two", { nodes: 2 })))).toThrow("Leave out nodes");
  const ports = [{ address: "127.0.0.1", host: target().ports.http, container: target().ports.https }];
  expect(() => edge(sandbox(), Route.to(app(sandbox(), "open", { publish: ports })))).toThrow(
    "Remove publish",
  );
  const shop = app(environment, "shop");
  expect(() => edge(sandbox(), Route.to(shop), Route.to(shop, { at: "/again" }))).toThrow("second App");
  const both = sandbox();
  expect(() => edge(both, Route.to(app(both, "a")), Route.to(app(both, "b"), { at: "/b" }))).toThrow("a, b");
});

test("an application that listens to an edge cannot run inside of another", () => {
  const environment = sandbox();
  const shop = app(environment, "shop");
  shop.listen("http", "tcp");
  expect(() => edge(environment, Route.to(shop))).toThrow("second App");
});

test("without a choice the edge decides what runs an application", () => {
  const [inside, apart] = [sandbox(), sandbox()];
  edge(inside, Route.to(app(inside, "shop")));
  app(apart, "shop").listen("http", "tcp");
  expect(inside.describe().apps.map(({ server }) => server)).toEqual(["mod_wsgi"]);
  expect(apart.describe().apps.map(({ server }) => server)).toEqual(["uwsgi"]);
});

test("a limit of requests reaches the daemon inside of an edge", () => {
  const environment = sandbox();
  const server = Server.modWsgi({ maximumRequests: 7 });
  const shop = new App(environment, "shop", { source: hello(), server });
  const [workload] = edge(environment, Route.to(shop)).workloads();
  const conf = workload?.files.find(({ path }) => path === "/etc/slipway/httpd.conf")?.content ?? "";
  expect(daemon(conf)).toContain("maximum-requests=7");
});
