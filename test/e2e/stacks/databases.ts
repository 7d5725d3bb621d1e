import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { DatabaseTls } from "../../../modules/postgres/database-tls.ts";
import { ExternalPostgres } from "../../../modules/postgres/external-postgres.ts";
import { Pooler } from "../../../modules/postgres/pooler/pooler.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { Replica } from "../../../modules/postgres/replica/replica.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

const {
  EXTERNAL_HOST = "",
  EXTERNAL_PORT = "",
  EXTERNAL_PASSWORD_FILE = "",
  EXTERNAL_CA = "",
  POOL_SIZE = "5",
} = process.env;

/** Databases elsewhere, pooled and replicated; the test says by variables where the one elsewhere is. */
class Databases extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "databases", { engine: Docker.local(), purpose: "development" });
    const crm = new ExternalPostgres(this, "crm", {
      host: EXTERNAL_HOST,
      port: Number(EXTERNAL_PORT),
      database: "crm",
      password: Secret.fromFile("crm-password", EXTERNAL_PASSWORD_FILE),
      tls: DatabaseTls.verifiedBy(EXTERNAL_CA),
    });

    const db = new Postgres(this, "db", {
      memory: "256 MiB",
      connections: 60,
      pooler: Pooler.transactions({ size: Number(POOL_SIZE) }),
    });
    const replica = new Replica(this, "db-replica", { of: db, lag: "20 seconds" });
    const shared = new SharedFolders(this, "shared");

    const guestbook = new App(this, "guestbook", {
      source: Py4web.fromDirectory("examples/guestbook"),
      nodes: 2,
      sessions: Sessions.in(db),
    });
    guestbook.uses(shared);

    const elsewhere = new App(this, "elsewhere", {
      source: Py4web.fromDirectory("examples/guestbook"),
      sessions: Sessions.in(crm),
    });
    elsewhere.uses(shared);

    const ledger = new App(this, "ledger", {
      source: Wsgi.fromDirectory("test/e2e/apps/accounts", { callable: "accounts:application" }),
    });
    ledger.uses(db);
    ledger.uses(replica);
    ledger.uses(crm);

    const routes = [
      Route.to(guestbook),
      Route.to(elsewhere, { at: "/guestbook" }),
      Route.to(ledger, { at: "/ledger" }),
    ];
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes });
  }
}

synthesize((app) => {
  new Databases(app, targetOf(app, "databases"));
});
