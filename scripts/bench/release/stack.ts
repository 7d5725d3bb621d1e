/** Two nodes behind an edge, whose source the measure changes: each change is a release. */
import { join } from "node:path";
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
import { BenchProject } from "../bench-project.ts";

class Released extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "release", { engine: Docker.local(), purpose: "development" });
    const shop = new App(this, "shop", {
      source: Wsgi.fromDirectory(join(BenchProject.outdir, "source"), { callable: "hello:application" }),
      nodes: 2,
    });
    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(shop)],
    });
  }
}

synthesize((app) => {
  new Released(app, targetOf(app, "dev"));
});
