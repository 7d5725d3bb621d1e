import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import type { AnyPlace, Source } from "../../../modules/app/source.ts";
import { Web2py } from "../../../modules/app/web2py.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Job } from "../../../modules/jobs/job.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** One application, as a shared host can have it. */
class Hosted extends Environment {
  constructor(scope: Construct, target: Target, name: string, source: Source<AnyPlace>) {
    super(scope, name, { engine: Docker.local(), purpose: "development" });
    const app = new App(this, name, { source });
    if (source.kind === "wsgi") {
      app.runs(Job.every("5 minutes", { name: "hello", command: ["python", "-c", "print('done')"] }));
      app.runs(Job.every("90 minutes", { name: "call", call: "facts:nothing" }));
    }
    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(app)],
    });
  }
}

const { WEB2PY_SOURCE } = process.env;

synthesize((app) => {
  const hosted = (name: string, source: Source<AnyPlace>) =>
    new Hosted(app, targetOf(app, name), name, source);
  hosted(
    "facts",
    Wsgi.fromDirectory("test/e2e/apps/facts", { callable: "facts:application", adminPaths: ["/office"] }),
  );
  hosted("visits", Py4web.fromDirectory("test/e2e/apps/visits"));
  if (WEB2PY_SOURCE !== undefined)
    hosted("welcome", Web2py.fromDirectory(WEB2PY_SOURCE, { applications: ["welcome"] }));
});
