import type { Construct } from "constructs";
import { App } from "../../modules/app/app.ts";
import { Wsgi } from "../../modules/app/wsgi.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Route } from "../../modules/edge/route.ts";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../modules/environment/target.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { synthesize } from "../../stacks/synthesize.ts";

/** A small production on one host. */
class Small extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "small", {
      engine: Docker.on(target.host),
      purpose: "production",
      waivers: [{ rule: "certificate-trusted", reason: "a machine of a test has no public name" }],
    });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory("test/e2e/apps/greeter", { callable: "greeter:application" }),
      environment: { GREETING: "from the machine" },
      // Emulation is some twenty times slower.
      startPeriod: "5 minutes",
    });
    const routes = [Route.to(hello)];
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes });
  }
}

synthesize((app) => {
  new Small(app, targetOf(app, "small"));
});
