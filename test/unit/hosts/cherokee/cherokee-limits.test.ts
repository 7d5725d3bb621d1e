import { expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Route } from "../../../../modules/edge/route.ts";
import { CHEROKEE } from "../../../../modules/hosts/cherokee/cherokee.ts";
import { Postgres } from "../../../../modules/postgres/postgres.ts";
import { Replica } from "../../../../modules/postgres/replica/replica.ts";
import { exported } from "../../../support/exported-stack.ts";
import { hello as source } from "../../../support/hello.ts";

test("a database cannot have a replica", async () => {
  const stack = await exported((environment) => {
    const app = new App(environment, "one", { source: source() });
    const db = new Postgres(environment, "db", { memory: "512 MiB" });
    app.uses(db);
    app.uses(new Replica(environment, "db-replica", { of: db }));
    return [Route.to(app)];
  });
  expect(() => CHEROKEE.files(stack, [])).toThrowError(
    expect.objectContaining({
      what: "replicas of shop on a host with Cherokee",
      got: "db-replica",
      fix: "Leave out each Replica, and let applications read from the Postgres that it is a copy of",
    }),
  );
});
