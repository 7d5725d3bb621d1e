import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Backup } from "../../../modules/backup/backup.ts";
import { Repository } from "../../../modules/backup/repository.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** A database and shared folders of one application, with backups on a volume of the engine. */
class BackedUp extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "backup", { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: "1 GiB" });
    const shared = new SharedFolders(this, "shared");
    const shop = new App(this, "shop", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
    });
    shop.uses(db);
    shop.uses(shared);
    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target,
      tls: Tls.selfSigned(),
      routes: [Route.to(shop)],
    });
    new Backup(this, "backup", { of: [db, shared], to: Repository.volume() });
  }
}

synthesize((app) => {
  new BackedUp(app, targetOf(app, "backup"));
});
