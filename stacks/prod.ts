import type { Construct } from "constructs";
import { App } from "../modules/app/app.ts";
import { Py4web } from "../modules/app/py4web.ts";
import { Sessions } from "../modules/app/sessions.ts";
import { Backup } from "../modules/backup/backup.ts";
import { Repository } from "../modules/backup/repository.ts";
import { Apache } from "../modules/edge/apache/apache.ts";
import { Edge } from "../modules/edge/edge.ts";
import { Route } from "../modules/edge/route.ts";
import { Docker } from "../modules/engine/docker.ts";
import { Environment } from "../modules/environment/environment.ts";
import type { Target } from "../modules/environment/target.ts";
import { Job } from "../modules/jobs/job.ts";
import { Memcached } from "../modules/memcached/memcached.ts";
import { Postgres } from "../modules/postgres/postgres.ts";
import { SharedFolders } from "../modules/shared-folders/shared-folders.ts";
import { Tls } from "../modules/tls/tls.ts";

/**
 * Production on one machine: as shipped it can be tried out before there is a server.
 * @param name of another environment that is the same, somewhere else
 */
export class Prod extends Environment {
  constructor(scope: Construct, target: Target, name = "prod") {
    super(scope, name, {
      engine: Docker.on(target.host),
      purpose: "production",
      waivers: [
        {
          rule: "database-apart-from-shared-folders",
          reason: "one machine with one disk, to try production out",
        },
        { rule: "storage-redundant", reason: "one machine with one disk, to try production out" },
        { rule: "backup-apart-from-data", reason: "no second machine yet, to try production out" },
        { rule: "certificate-trusted", reason: "no public name yet, to try production out" },
      ],
    });

    const db = new Postgres(this, "db", { memory: "1 GiB", connections: 150 });
    const cache = new Memcached(this, "cache", { memory: "128 MiB", instances: 2 });
    const shared = new SharedFolders(this, "shared");

    const guestbook = new App(this, "guestbook", {
      source: Py4web.fromDirectory("examples/guestbook"),
      nodes: 4,
      memory: "384 MiB",
      sessions: Sessions.in(db),
    });
    guestbook.uses(db);
    guestbook.uses(cache);
    guestbook.uses(shared);
    // The guestbook itself takes no session that is older.
    guestbook.runs(Job.expireSessions({ after: "14 days", every: "1 hour" }));

    new Backup(this, "backup", {
      of: [db, shared],
      every: "6 hours",
      keep: "30 days",
      to: Repository.volume(),
    });

    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(guestbook)],
    });
  }
}
