import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Concurrency } from "../../../modules/app/concurrency.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** Two nodes that write to a database. The context says which release they are, and where they answer for themselves. */
class Releases extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "releases", { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: "256 MiB", connections: 50 });
    /** Where no node answers for itself. */
    const bad = scope.node.tryGetContext("health");
    const ledger = new App(this, "ledger", {
      source: Wsgi.fromDirectory("test/e2e/apps/ledger", {
        callable: "ledger:application",
        health: bad ?? "/healthz",
      }),
      environment: { RELEASE: String(scope.node.tryGetContext("release") ?? "first") },
      nodes: Number(scope.node.tryGetContext("nodes") ?? 2),
      concurrency: Concurrency.threads(5),
      // Short for the bad release, so that it fails soon; the first one waits until the database is built.
      startPeriod: bad === undefined ? "10 minutes" : "5 seconds",
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
  new Releases(app, targetOf(app, "releases"));
});
