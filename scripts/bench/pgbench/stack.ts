/** A database with a pooler, and a role for pgbench. */
import type { Construct } from "constructs";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { Pooler } from "../../../modules/postgres/pooler/pooler.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { Name } from "../../../modules/values/name.ts";
import { synthesize } from "../../../stacks/synthesize.ts";
import { CLIENTS, MEMORY, POOL, ROLE, STACK } from "./servers.ts";

class Pgbench extends Environment {
  constructor(scope: Construct) {
    super(scope, STACK, { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: MEMORY, pooler: Pooler.transactions({ size: POOL }) });
    db.grant({ name: Name.of(ROLE), connections: 2 * CLIENTS, nodes: CLIENTS });
  }
}

synthesize((app) => {
  new Pgbench(app);
});
