import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Concurrency } from "../../../modules/app/concurrency.ts";
import { Server } from "../../../modules/app/server/server.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Port } from "../../../modules/values/port.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/**
 * One application by each application server, in threads and in processes: four behind one edge, and two inside of edges
 * of their own, on the next ports.
 */
class Servers extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "servers", { engine: Docker.local(), purpose: "development" });
    const tls = Tls.selfSigned();
    const source = Wsgi.fromDirectory("test/e2e/apps/facts", { callable: "facts:application" });
    const environment = { RELEASE: scope.node.tryGetContext("release") ?? "first" };
    const processes = Concurrency.processes(5);
    const gunicorn = Server.gunicorn();
    const modWsgi = Server.modWsgi({ maximumRequests: 500 });
    const apps = [
      new App(this, "gunicorn", { source, environment, server: gunicorn }),
      new App(this, "gunicorn-processes", { source, environment, server: gunicorn, concurrency: processes }),
      new App(this, "mod-wsgi", { source, environment, server: Server.modWsgi() }),
      new App(this, "mod-wsgi-processes", { source, environment, server: modWsgi, concurrency: processes }),
    ];
    const routes = apps.map((app) => Route.to(app, { at: `/${app.name}` }));
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls, routes });

    const timeout = scope.node.tryGetContext("timeout") ?? "60 seconds";
    const inside = new App(this, "inside", { source, environment });
    new Edge(this, "inside-edge", {
      server: Apache.modWsgi(),
      target: beside(target, 1),
      tls,
      timeout,
      routes: [Route.to(inside)],
    });
    const deep = new App(this, "deep", { source, environment, server: modWsgi, concurrency: processes });
    new Edge(this, "deep-edge", {
      server: Apache.modWsgi(),
      target: beside(target, 2),
      tls,
      routes: [Route.to(deep, { at: "/deep" })],
    });
  }
}

function beside(target: Target, steps: number): Target {
  const { http, https } = target.ports;
  return {
    ...target,
    ports: { ...target.ports, http: Port.of(http.number + steps), https: Port.of(https.number + steps) },
  };
}

synthesize((app) => {
  new Servers(app, targetOf(app, "servers"));
});
