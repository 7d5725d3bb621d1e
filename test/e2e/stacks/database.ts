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
import type { PostgresVersion } from "../../../modules/postgres/version.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** Two nodes that write down, on a database whose version and folder the test chooses. */
class Database extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "database", { engine: Docker.local(), purpose: "development" });
    const context = (key: string): string | undefined => scope.node.tryGetContext(key);
    const folder = context("folder");
    const db = new Postgres(this, "db", {
      memory: "256 MiB",
      connections: 50,
      version: Number(context("version") ?? 17) as PostgresVersion,
      extensions: ["pg_trgm", "uuid-ossp"],
      // Short, so that the server that refuses its data fails soon.
      startPeriod: "20 seconds",
      ...(folder !== undefined && { storage: LocalDisk.folder(folder) }),
    });
    const ledger = new App(this, "ledger", {
      source: Wsgi.fromDirectory("test/e2e/apps/ledger", { callable: "ledger:application" }),
      nodes: 2,
      concurrency: Concurrency.threads(5),
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
  new Database(app, targetOf(app, "database"));
});
