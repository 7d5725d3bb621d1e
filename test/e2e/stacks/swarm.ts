import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Concurrency } from "../../../modules/app/concurrency.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Swarm } from "../../../modules/engine/swarm.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** Nodes that write down, on a Swarm; release, health path and number of nodes come from the context. */
class OnSwarm extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "swarm", {
      engine: Swarm.of(target.hosts),
      purpose: "development",
      waivers: [
        {
          rule: "development-on-loopback",
          reason: "the host of the edge is one that the test has made for itself",
        },
      ],
    });
    const db = new Postgres(this, "db", { memory: "256 MiB", connections: 60 });
    const ledger = new App(this, "ledger", {
      source: Wsgi.fromDirectory("test/e2e/apps/ledger", {
        callable: "ledger:application",
        health: scope.node.tryGetContext("health") ?? "/healthz",
      }),
      environment: { RELEASE: scope.node.tryGetContext("release") ?? "first" },
      nodes: Number(scope.node.tryGetContext("nodes") ?? 2),
      concurrency: Concurrency.threads(5),
      startPeriod: "20 seconds",
    });
    ledger.uses(db);
    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(ledger)],
    });
  }
}

synthesize((app) => {
  new OnSwarm(app, targetOf(app, "swarm"));
});
