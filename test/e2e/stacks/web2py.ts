import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import { Uploads } from "../../../modules/app/uploads.ts";
import { Web2py } from "../../../modules/app/web2py.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

const { WEB2PY_SOURCE = "", WEB2PY_APPLICATIONS = "", WEB2PY_NAMES = "", WEB2PY_KEPT = "" } = process.env;

/** Applications on two nodes, with everything that they may use; the test says by variables which and where. */
class Site extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "web2py", { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: "256 MiB" });
    const cache = new Memcached(this, "cache", { memory: "64 MiB" });
    const shared = new SharedFolders(this, "shared");
    const [first = "", ...others] = WEB2PY_NAMES.split(" ");
    const shop = new App(this, "shop", {
      source: Web2py.fromDirectory(WEB2PY_SOURCE, {
        from: WEB2PY_APPLICATIONS,
        applications: [first, ...others],
        health: "/probe/node",
      }),
      nodes: 2,
      ...(WEB2PY_KEPT === "files" && { sessions: Sessions.inFiles(shared) }),
      ...(WEB2PY_KEPT === "rows" && { sessions: Sessions.in(db) }),
      ...(WEB2PY_KEPT === "items" && { sessions: Sessions.in(cache), uploads: Uploads.in(db) }),
    });
    shop.uses(db);
    shop.uses(cache);
    shop.uses(shared);
    const routes = [Route.to(shop)];
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes });
  }
}

synthesize((app) => {
  new Site(app, targetOf(app, "web2py"));
});
