import type { Construct } from "constructs";
import { App } from "../../modules/app/app.ts";
import { Sessions } from "../../modules/app/sessions.ts";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import { Postgres } from "../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../modules/shared-folders/shared-folders.ts";
import { Nfs } from "../../modules/storage/nfs.ts";
import { Port } from "../../modules/values/port.ts";
import { hello } from "./hello.ts";

/** Breaks three rules at once: one storage for everything, a published database, sessions in files of two nodes. */
export class Broken extends Environment {
  constructor(scope: Construct) {
    super(scope, "broken", { engine: Docker.local(), purpose: "development" });
    const storage = Nfs.v4("10.0.0.20", "/tank/web2py");
    const db = new Postgres(this, "db", {
      memory: "512 MiB",
      storage,
      publish: [{ address: "0.0.0.0", host: Port.of(5432), container: Port.of(5432) }],
    });
    new SharedFolders(this, "shared", { on: storage });
    const shop = new App(this, "shop", { source: hello(), nodes: 2, sessions: Sessions.sticky() });
    shop.uses(db);
  }
}
