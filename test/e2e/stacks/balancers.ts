import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Balancer } from "../../../modules/balancer/balancer.ts";
import { HaProxy } from "../../../modules/balancer/haproxy/haproxy.ts";
import { Pound } from "../../../modules/balancer/pound/pound.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Stickiness } from "../../../modules/edge/stickiness.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Port } from "../../../modules/values/port.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/**
 * One application on three nodes behind three balancers, each with an edge of its own. Weights and release come from the
 * context: a changed weight is another configuration, a changed release other nodes.
 */
class Balancers extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "balancers", { engine: Docker.local(), purpose: "development" });
    const shop = new App(this, "shop", {
      source: Wsgi.fromDirectory("test/e2e/apps/mirror", { callable: "mirror:application" }),
      environment: { RELEASE: scope.node.tryGetContext("release") ?? "first" },
      nodes: 3,
    });
    const weights = String(scope.node.tryGetContext("weights") ?? "2 1 1")
      .split(" ")
      .map(Number);
    const engines = {
      cookie: HaProxy.leastConnections({ sticky: Stickiness.byCookie() }),
      address: HaProxy.roundRobin({ sticky: Stickiness.byAddress(), weights }),
      pound: Pound.roundRobin({ sticky: Stickiness.byAddress(), weights: [2, 1, 1] }),
    };
    Object.entries(engines).forEach(([name, engine], at) => {
      const balancer = new Balancer(this, `by-${name}`, { engine, target: shop });
      const { http, https } = target.ports;
      const ports = { http: Port.of(http.number + at), https: Port.of(https.number + at) };
      new Edge(this, `edge-${name}`, {
        server: Apache.modProxy(),
        target: { ...target, ports },
        tls: Tls.selfSigned(),
        routes: [Route.to(balancer)],
      });
    });
  }
}

synthesize((app) => {
  new Balancers(app, targetOf(app, "balancers"));
});
