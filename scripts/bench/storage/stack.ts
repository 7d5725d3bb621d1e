/** An application for the sake of its image, in which the loads run. */
import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

class Loads extends Environment {
  constructor(scope: Construct) {
    super(scope, "storage", { engine: Docker.local(), purpose: "development" });
    new App(this, "load", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
    });
  }
}

synthesize((app) => {
  new Loads(app);
});
