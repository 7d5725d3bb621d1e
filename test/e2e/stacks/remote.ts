import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** One application on a host of the context; each greeting is a release, and each path a configuration of the edge. */
class Remote extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "remote", { engine: Docker.on(target.host), purpose: "development" });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory("test/e2e/apps/greeter", { callable: "greeter:application" }),
      environment: { GREETING: scope.node.tryGetContext("greeting") ?? "first" },
    });
    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(hello, { at: scope.node.tryGetContext("path") ?? "/" })],
    });
  }
}

synthesize((app) => {
  new Remote(app, targetOf(app, "remote"));
});
