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
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** A plain WSGI application whose greeting and health path come from the context: each pair is a release. */
class Release extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "release", { engine: Docker.local(), purpose: "development" });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory("test/e2e/apps/greeter", {
        callable: "greeter:application",
        health: scope.node.tryGetContext("health") ?? "/healthz",
      }),
      environment: { GREETING: scope.node.tryGetContext("greeting") ?? "first", PAUSE: "0.05" },
      // Few, and slow ones: under the load of the test there are always requests that wait for their turn.
      concurrency: Concurrency.threads(2),
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
  new Release(app, targetOf(app, "release"));
});
