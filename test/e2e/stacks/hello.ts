import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Concurrency } from "../../../modules/app/concurrency.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Stickiness } from "../../../modules/edge/stickiness.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** Two plain WSGI applications on one site, one of them sticky, in processes instead of threads. */
class Hello extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "hello", { engine: Docker.local(), purpose: "development" });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
      nodes: 2,
    });
    const greeter = new App(this, "greeter", {
      source: Wsgi.fromDirectory("test/e2e/apps/greeter", { callable: "greeter:application" }),
      environment: { GREETING: "${this} is no %{interpolation}" },
      concurrency: Concurrency.processes(2),
    });
    const routes = [Route.to(hello, { sticky: Stickiness.byCookie() }), Route.to(greeter, { at: "/hello" })];
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes });
  }
}

synthesize((app) => {
  new Hello(app, targetOf(app, "hello"));
});
