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

/** One small site, whose certificate comes from where the context says. */
class TlsStack extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "tls", { engine: Docker.local(), purpose: "development" });
    const app = new App(this, "hello", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
    });
    const { acme, files } = JSON.parse(this.node.getContext("certificate"));
    const tls = acme ? Tls.acme(acme) : Tls.files(files);
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls, routes: [Route.to(app)] });
  }
}

synthesize((app) => {
  new TlsStack(app, targetOf(app, "tls"));
});
