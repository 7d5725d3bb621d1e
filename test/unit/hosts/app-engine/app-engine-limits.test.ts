import { expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Sessions } from "../../../../modules/app/sessions.ts";
import { Route } from "../../../../modules/edge/route.ts";
import type { Environment } from "../../../../modules/environment/environment.ts";
import { APP_ENGINE } from "../../../../modules/hosts/app-engine/app-engine.ts";
import { Memcached } from "../../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../../modules/postgres/postgres.ts";
import { Replica } from "../../../../modules/postgres/replica/replica.ts";
import { exported, guestbook, type SiteRoute } from "../../../support/exported-stack.ts";
import { hello as source } from "../../../support/hello.ts";

const files = async (compose: (environment: Environment) => readonly SiteRoute[]) =>
  APP_ENGINE.files(await exported(compose), []);

test("uploads cannot be in a folder", async () => {
  await expect(files(guestbook)).rejects.toMatchObject({
    what: "uploads of shop/guestbook on App Engine",
    got: "shop/shared",
    fix: "Write uploads: Uploads.in(db), or leave out the shared folders",
  });
});

test.each([
  [
    "cache",
    (environment: Environment) => Sessions.in(new Memcached(environment, "cache", { memory: "64 MiB" })),
  ],
  ["sticky", () => Sessions.sticky()],
] as const)("sessions cannot be in %s", async (got, sessions) => {
  await expect(
    files((environment) => [
      Route.to(new App(environment, "one", { source: source(), sessions: sessions(environment) })),
    ]),
  ).rejects.toMatchObject({ what: "sessions of shop/one on App Engine", got });
});

test("a node cannot have more memory than an instance", async () => {
  await expect(
    files((environment) => [Route.to(new App(environment, "one", { source: source(), memory: "4 GiB" }))]),
  ).rejects.toMatchObject({ what: "memory of shop/one on App Engine", got: "4 GiB" });
});

test("two applications are two services", async () => {
  await expect(
    files((environment) =>
      ["one", "two"].map((name) =>
        Route.to(new App(environment, name, { source: source() }), { at: `/${name}` }),
      ),
    ),
  ).rejects.toMatchObject({ what: "applications of shop on App Engine", got: "one, two" });
});

test("a replica has nobody who takes its place", async () => {
  const replicated = (environment: Environment) => {
    const db = new Postgres(environment, "db", { memory: "512 MiB" });
    const app = new App(environment, "one", { source: source() });
    app.uses(db);
    app.uses(new Replica(environment, "db-replica", { of: db }));
    return [Route.to(app)];
  };
  await expect(files(replicated)).rejects.toMatchObject({
    what: "replicas of shop/one on App Engine",
    got: "shop/db-replica",
    allowed: "none, for there is one database",
    fix: "Leave out db-replica, and let one read from its database",
  });
});

test("two database servers cannot be known by one certificate", async () => {
  const both = (environment: Environment) => {
    const app = new App(environment, "one", { source: source() });
    for (const name of ["db", "archive"]) app.uses(new Postgres(environment, name, { memory: "512 MiB" }));
    return [Route.to(app)];
  };
  await expect(files(both)).rejects.toMatchObject({
    what: "databases of shop/one on App Engine",
    got: "shop/db, shop/archive",
  });
});
