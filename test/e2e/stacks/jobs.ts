import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Concurrency } from "../../../modules/app/concurrency.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import { Web2py } from "../../../modules/app/web2py.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Job } from "../../../modules/jobs/job.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

const { WEB2PY_SOURCE, WEB2PY_APPLICATIONS = "" } = process.env;
const NEVER = "0 0 29 2 *";

/** A py4web application on two nodes with jobs of every kind, and one of web2py where there is one. */
class Site extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "jobs", { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: "256 MiB" });
    const concurrency = Concurrency.threads(3);
    const shared = new SharedFolders(this, "shared");
    const worker = new App(this, "worker", {
      source: Py4web.fromDirectory("test/e2e/apps/worker"),
      nodes: 2,
      concurrency,
      sessions: Sessions.in(db),
      environment: { RELEASE: `${this.node.tryGetContext("release") ?? 1}` },
    });
    worker.uses(shared);
    worker.runs(
      Job.every("8 seconds", {
        name: "stamp",
        call: "tasks:stamp",
        timeout: "1 minute",
        overlap: "forbid",
      }),
    );
    const sleep = ["sleep", "600"] as const;
    worker.runs(
      Job.every("8 seconds", { name: "slow", command: sleep, timeout: "12 seconds", overlap: "forbid" }),
    );
    worker.runs(
      Job.every("8 seconds", { name: "renewed", command: sleep, timeout: "20 seconds", overlap: "replace" }),
    );
    worker.runs(Job.every("1 hour", { name: "stuck", command: sleep, timeout: "2 seconds" }));
    worker.runs(Job.cron(NEVER, { name: "broken", call: "tasks:broken", timezone: "Europe/Berlin" }));
    worker.runs(Job.cron(NEVER, { name: "wait", call: "tasks:wait", timeout: "2 minutes" }));
    worker.runs(Job.expireSessions({ after: "60 minutes", every: "8 seconds" }));
    worker.runs(Job.collectTickets({ into: db, every: "8 seconds" }));
    const routes = [Route.to(worker, { at: "/worker" })];

    if (WEB2PY_SOURCE !== undefined) {
      const shop = new App(this, "shop", {
        source: Web2py.fromDirectory(WEB2PY_SOURCE, {
          from: WEB2PY_APPLICATIONS,
          applications: ["shop"],
          health: "/jobs/node",
        }),
        nodes: 2,
        concurrency,
        sessions: Sessions.inFiles(shared),
      });
      shop.uses(db);
      shop.runs(Job.cron(NEVER, { name: "function", call: "jobs:nightly" }));
      shop.runs(Job.cron(NEVER, { name: "script", call: "shop/private/nightly.py" }));
      shop.runs(Job.expireSessions({ after: "60 minutes", every: "8 seconds" }));
      shop.runs(Job.collectTickets({ into: db, every: "8 seconds", duplicates: true }));
      routes.push(Route.to(shop) as (typeof routes)[number]);
    }
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes });
  }
}

synthesize((app) => {
  new Site(app, targetOf(app, "jobs"));
});
