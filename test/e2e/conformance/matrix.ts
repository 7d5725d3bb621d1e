/**
 * Every edge and every way to run an application, one line each: a stack of its own with one edge and one application.
 *
 *     row("apache-mod-proxy-uwsgi-wsgi", modProxy, Server.uwsgi(), "wsgi"),
 */
import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import type { Protocol, SocketKind } from "../../../modules/app/protocol.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Server } from "../../../modules/app/server/server.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import type { Upstream } from "../../../modules/app/upstream.ts";
import { Web2py } from "../../../modules/app/web2py.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Balancer } from "../../../modules/balancer/balancer.ts";
import type { BalancerEngine } from "../../../modules/balancer/balancer-engine.ts";
import { HaProxy } from "../../../modules/balancer/haproxy/haproxy.ts";
import { Pound } from "../../../modules/balancer/pound/pound.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Lighttpd } from "../../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Stickiness } from "../../../modules/edge/stickiness.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import type { PublicAddress } from "../../../modules/environment/target.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Hostname } from "../../../modules/values/hostname.ts";
import { Port } from "../../../modules/values/port.ts";

/** Each combination has two ports from here on. */
const FIRST_PORT = 18200;

const { WEB2PY_SOURCE = "" } = process.env;

/** Kinds of applications; web2py is no part of this project, so its folder has to be named. */
const KINDS = ["wsgi", "py4web", ...(WEB2PY_SOURCE === "" ? [] : (["web2py"] as const))] as const;
type Kind = "wsgi" | "py4web" | "web2py";

/** A stack of the matrix. */
export interface Combination {
  /** Of the stack. */
  readonly name: string;
  compose(environment: Environment, target: PublicAddress): void;
}

/** What differs from one edge to the next; the types see to it that it knows a protocol of the application. */
type EdgeOf<Q extends Protocol> = (environment: Environment, app: Upstream<Q>, target: PublicAddress) => Edge;

/** One edge and one application server, with each kind of application. */
function rows<Q extends Protocol>(
  name: string,
  edge: EdgeOf<Q>,
  server: Server<Q>,
  { nodes = 2, kinds = KINDS }: { readonly nodes?: number; readonly kinds?: readonly Kind[] } = {},
): Combination[] {
  return kinds.map((kind) => ({
    name: `${name}-${kind}`,
    compose(environment, target) {
      edge(environment, application(environment, server, kind, nodes), target);
    },
  }));
}

function application<P extends Protocol>(
  environment: Environment,
  server: Server<P>,
  kind: Kind,
  nodes: number,
): App<P> {
  if (kind === "wsgi") {
    const source = Wsgi.fromDirectory("examples/hello", { callable: "hello:application" });
    return new App(environment, "hello", { source, server, nodes });
  }
  const db = new Postgres(environment, "db", { memory: "256 MiB" });
  const source =
    kind === "py4web"
      ? Py4web.fromDirectory("examples/guestbook")
      : Web2py.fromDirectory(WEB2PY_SOURCE, { applications: ["welcome"] });
  const app = new App(environment, "shop", { source, server, nodes, sessions: Sessions.in(db) });
  app.uses(db);
  app.uses(new Memcached(environment, "cache", { memory: "64 MiB" }));
  app.uses(new SharedFolders(environment, "shared"));
  return app;
}

const tls = Tls.selfSigned();
const modProxy: EdgeOf<"uwsgi" | "http"> = (environment, app, target) =>
  new Edge(environment, "edge", { server: Apache.modProxy(), target, tls, routes: [Route.to(app)] });
const overHttp: EdgeOf<"http"> = (environment, app, target) =>
  new Edge(environment, "edge", { server: Apache.modProxy(), target, tls, routes: [Route.to(app)] });
const modWsgi: EdgeOf<"wsgi"> = (environment, app, target) =>
  new Edge(environment, "edge", { server: Apache.modWsgi(), target, tls, routes: [Route.to(app)] });
const fastCgi =
  (over: SocketKind): EdgeOf<"fastcgi"> =>
  (environment, app, target) =>
    new Edge(environment, "edge", {
      server: Lighttpd.fastCgi({ over }),
      target,
      tls,
      routes: [Route.to(app, { sticky: Stickiness.byAddress() })],
    });
const lighttpd: EdgeOf<"http"> = (environment, app, target) =>
  new Edge(environment, "edge", { server: Lighttpd.proxy(), target, tls, routes: [Route.to(app)] });
/** With a balancer between an edge and the nodes. */
const balanced =
  (edge: EdgeOf<"http">, engine: BalancerEngine): EdgeOf<"http"> =>
  (environment, app, target) => {
    return edge(environment, new Balancer(environment, "balancer", { engine, target: app }), target);
  };

const haProxy = HaProxy.leastConnections({ sticky: Stickiness.byCookie() });
const pound = Pound.roundRobin({ sticky: Stickiness.byAddress() });
const few = { kinds: ["wsgi"] } as const;

export const MATRIX: readonly Combination[] = [
  ...rows("mod-proxy-uwsgi", modProxy, Server.uwsgi()),
  ...rows("mod-proxy-gunicorn", overHttp, Server.gunicorn()),
  ...rows("mod-proxy-mod-wsgi", overHttp, Server.modWsgi()),
  ...rows("mod-wsgi", modWsgi, Server.modWsgi(), { nodes: 1 }),
  ...rows("fastcgi-unix-uwsgi", fastCgi("unix"), Server.uwsgi()),
  ...rows("fastcgi-tcp-uwsgi", fastCgi("tcp"), Server.uwsgi()),
  ...rows("lighttpd-proxy-uwsgi", lighttpd, Server.uwsgi()),
  ...rows("lighttpd-proxy-gunicorn", lighttpd, Server.gunicorn()),
  ...rows("lighttpd-proxy-mod-wsgi", lighttpd, Server.modWsgi()),
  ...rows("mod-proxy-haproxy-uwsgi", balanced(overHttp, haProxy), Server.uwsgi()),
  ...rows("mod-proxy-pound-gunicorn", balanced(overHttp, pound), Server.gunicorn(), few),
  ...rows("lighttpd-haproxy-gunicorn", balanced(lighttpd, haProxy), Server.gunicorn(), few),
  ...rows("lighttpd-pound-uwsgi", balanced(lighttpd, pound), Server.uwsgi(), few),
];

/** Makes the stacks of the matrix, each on ports of its own. */
export function compose(scope: Construct): void {
  for (const [at, { name, compose: fill }] of MATRIX.entries()) {
    const environment = new Environment(scope, name, { engine: Docker.local(), purpose: "development" });
    const http = FIRST_PORT + 2 * at;
    fill(environment, {
      hostname: Hostname.of("localhost"),
      aliases: [Hostname.of("127.0.0.1")],
      address: "127.0.0.1",
      ports: { http: Port.of(http), https: Port.of(http + 1) },
    });
  }
}
