/** An edge and as many nodes as the context says, each with little to do. */
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

class Nodes extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "nodes", { engine: Docker.local(), purpose: "development" });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
      nodes: Number(scope.node.tryGetContext("nodes")),
      concurrency: Concurrency.threads(2),
      // Many start at once, on the processors of one machine.
      startPeriod: "5 minutes",
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
  new Nodes(app, targetOf(app, "dev"));
});
