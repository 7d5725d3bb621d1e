import type { Construct } from "constructs";
import { App } from "../modules/app/app.ts";
import { Py4web } from "../modules/app/py4web.ts";
import { Sessions } from "../modules/app/sessions.ts";
import { Apache } from "../modules/edge/apache/apache.ts";
import { Edge } from "../modules/edge/edge.ts";
import { Route } from "../modules/edge/route.ts";
import { Docker } from "../modules/engine/docker.ts";
import { Environment } from "../modules/environment/environment.ts";
import type { Target } from "../modules/environment/target.ts";
import { Memcached } from "../modules/memcached/memcached.ts";
import { Postgres } from "../modules/postgres/postgres.ts";
import { SharedFolders } from "../modules/shared-folders/shared-folders.ts";
import { Tls } from "../modules/tls/tls.ts";

/** Development: the guestbook on two nodes of this machine, with everything it has in production. */
export class Dev extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "dev", { engine: Docker.on(target.host), purpose: "development" });

    const db = new Postgres(this, "db", { memory: "512 MiB" });
    const cache = new Memcached(this, "cache", { memory: "64 MiB" });
    const shared = new SharedFolders(this, "shared");

    const guestbook = new App(this, "guestbook", {
      source: Py4web.fromDirectory("examples/guestbook"),
      nodes: 2,
      sessions: Sessions.in(db),
    });
    guestbook.uses(db);
    guestbook.uses(cache);
    guestbook.uses(shared);

    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(guestbook)],
    });
  }
}
