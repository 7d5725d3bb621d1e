import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Lighttpd } from "../../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Port } from "../../../modules/values/port.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** The same application behind edges of several kinds, on ports in a row. */
class AllEdges extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "slow", { engine: Docker.local(), purpose: "development" });
    const source = Wsgi.fromDirectory("examples/hello", { callable: "hello:application" });
    const hello = new App(this, "hello", { source });
    const { http, https } = target.ports;
    const at = (index: number) => ({
      target: {
        ...target,
        ports: { http: Port.of(http.number + index), https: Port.of(https.number + index) },
      },
      tls: Tls.selfSigned(),
    });
    const routes = [Route.to(hello)];
    new Edge(this, "mod-proxy", { ...at(0), server: Apache.modProxy(), routes });
    new Edge(this, "mod-wsgi", {
      ...at(1),
      server: Apache.modWsgi(),
      routes: [Route.to(new App(this, "inside", { source }))],
    });
    new Edge(this, "fastcgi", { ...at(2), server: Lighttpd.fastCgi(), routes });
    new Edge(this, "proxy", { ...at(3), server: Lighttpd.proxy(), routes });
  }
}

synthesize((app) => {
  new AllEdges(app, targetOf(app, "slow"));
});
