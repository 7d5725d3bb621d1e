import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
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

/** A plain WSGI application, whose source and greeting come from the context, beside a database. */
class State extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "state", {
      engine: Docker.local(),
      purpose: "development",
      waivers: [{ rule: "services-used", reason: "the tests make its databases and tables themselves" }],
    });
    new Postgres(this, "db", { memory: "256 MiB" });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory(scope.node.tryGetContext("source") ?? "test/e2e/apps/greeter", {
        callable: "greeter:application",
      }),
      environment: { GREETING: scope.node.tryGetContext("greeting") ?? "first", PAUSE: "0.05" },
      // Short, so that the bad releases of the tests fail soon.
      startPeriod: "5 seconds",
    });
    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(hello)],
    });
  }
}

synthesize((app) => {
  new State(app, targetOf(app, "state"));
});
