import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import { Uploads } from "../../../modules/app/uploads.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** The guestbook on two nodes that share no folder: sessions in memcached, pictures in the database. */
class Site extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "sessions", { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: "256 MiB" });
    const cache = new Memcached(this, "cache", { memory: "64 MiB", instances: 3 });
    const guestbook = new App(this, "guestbook", {
      source: Py4web.fromDirectory("examples/guestbook"),
      nodes: 2,
      sessions: Sessions.in(cache),
      uploads: Uploads.in(db),
    });
    const routes = [Route.to(guestbook)];
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes });
  }
}

synthesize((app) => {
  new Site(app, targetOf(app, "sessions"));
});
