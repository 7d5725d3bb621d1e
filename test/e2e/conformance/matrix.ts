/**
 * Every edge and every way to run an application, one line each: a stack of its own with one edge and one application.
 *
 *     row("apache-mod-proxy-uwsgi-wsgi", modProxy, Server.uwsgi(), "wsgi"),
 */
import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import type { Protocol } from "../../../modules/app/protocol.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Server } from "../../../modules/app/server/server.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge, type EdgeProps } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import type { StickyBy } from "../../../modules/edge/stickiness.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import type { Target } from "../../../modules/environment/target.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { type Certificate, Tls } from "../../../modules/tls/tls.ts";
import { Hostname } from "../../../modules/values/hostname.ts";
import { Port } from "../../../modules/values/port.ts";

/** Each combination has two ports from here on. */
const FIRST_PORT = 18100;

/** What kind of application stands behind the edge. */
type Kind = "wsgi" | "py4web";

/** A stack of the matrix. */
export interface Combination {
  /** Of the stack. */
  readonly name: string;
  compose(environment: Environment, target: Target): void;
}

/** The types see to it that the edge knows a protocol of the application server. */
function row<Q extends Protocol, P extends Protocol, S extends StickyBy, C extends Certificate>(
  name: string,
  edge: (app: App<Q>) => Pick<EdgeProps<P, S, C>, "server" | "tls" | "routes">,
  server: Server<Q>,
  kind: Kind,
  nodes = 2,
): Combination {
  return {
    name,
    compose(environment, target) {
      new Edge(environment, "edge", { target, ...edge(application(environment, server, kind, nodes)) });
    },
  };
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
  const app = new App(environment, "guestbook", {
    source: Py4web.fromDirectory("examples/guestbook"),
    server,
    nodes,
    sessions: Sessions.in(db),
  });
  app.uses(db);
  app.uses(new Memcached(environment, "cache", { memory: "64 MiB" }));
  app.uses(new SharedFolders(environment, "shared"));
  return app;
}

const tls = Tls.selfSigned();
const modProxy = (app: App<"uwsgi" | "fastcgi" | "http">) => ({
  server: Apache.modProxy(),
  tls,
  routes: [Route.to(app)],
});

export const MATRIX: readonly Combination[] = [
  row("apache-mod-proxy-uwsgi-wsgi", modProxy, Server.uwsgi(), "wsgi"),
  row("apache-mod-proxy-uwsgi-py4web", modProxy, Server.uwsgi(), "py4web"),
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
