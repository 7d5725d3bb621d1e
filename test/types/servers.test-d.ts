import { expectTypeOf, test } from "vitest";
import { App } from "../../modules/app/app.ts";
import { Server } from "../../modules/app/server/server.ts";
import type { Source } from "../../modules/app/source.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Route } from "../../modules/edge/route.ts";
import { Stickiness } from "../../modules/edge/stickiness.ts";
import type { Environment } from "../../modules/environment/environment.ts";
import type { Target } from "../../modules/environment/target.ts";
import { Tls } from "../../modules/tls/tls.ts";

declare const environment: Environment;
declare const source: Source;
declare const target: Target;
const tls = Tls.selfSigned();
const any = new App(environment, "any", { source });
const gunicorn = new App(environment, "gunicorn", { source, server: Server.gunicorn() });
const uwsgi = new App(environment, "uwsgi", { source, server: Server.uwsgi() });
const modWsgi = new App(environment, "mod-wsgi", { source, server: Server.modWsgi() });

test("a server may speak one of the protocols that an edge knows, and need not speak all", () => {
  const server = Apache.modProxy();
  for (const route of [Route.to(any), Route.to(uwsgi)])
    new Edge(environment, "edge", { server, target, tls, routes: [route] });
  new Edge(environment, "edge", { server, target, tls, routes: [Route.to(gunicorn), Route.to(uwsgi)] });
  new Edge(environment, "edge", { server, target, tls, routes: [Route.to(modWsgi, { at: "/shop" })] });
});

test("only what mod_wsgi can load runs inside of Apache", () => {
  const server = Apache.modWsgi();
  new Edge(environment, "edge", { server, target, tls, routes: [Route.to(any)] });
  new Edge(environment, "edge", { server, target, tls, routes: [Route.to(modWsgi)] });
  // @ts-expect-error gunicorn is a server of its own
  new Edge(environment, "edge", { server, target, tls, routes: [Route.to(gunicorn)] });
  // @ts-expect-error and so is uWSGI
  new Edge(environment, "edge", { server, target, tls, routes: [Route.to(uwsgi)] });
});

test("there is one node inside of Apache, so nothing to stick to", () => {
  const sticky = Route.to(any, { sticky: Stickiness.byCookie() });
  // @ts-expect-error no stickiness
  new Edge(environment, "edge", { server: Apache.modWsgi(), target, tls, routes: [sticky] });
});

test("servers have the options that they can honour", () => {
  expectTypeOf(Server.gunicorn({ maximumRequests: 1000 })).toEqualTypeOf<Server<"http">>();
  expectTypeOf(Server.modWsgi({ maximumRequests: 1000 })).toEqualTypeOf<Server<"http" | "wsgi">>();
  // @ts-expect-error it watches the memory of its processes instead
  Server.uwsgi({ maximumRequests: 1000 });
  // @ts-expect-error a number
  Server.gunicorn({ maximumRequests: "1000" });
  // @ts-expect-error concurrency belongs to the application
  Server.modWsgi({ threads: 15 });
});
