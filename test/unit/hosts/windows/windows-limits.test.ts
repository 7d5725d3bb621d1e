import { expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Sessions } from "../../../../modules/app/sessions.ts";
import { Route } from "../../../../modules/edge/route.ts";
import type { Environment } from "../../../../modules/environment/environment.ts";
import { WINDOWS } from "../../../../modules/hosts/windows/windows.ts";
import { Memcached } from "../../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../../modules/postgres/postgres.ts";
import { exported, type SiteRoute } from "../../../support/exported-stack.ts";
import { hello as source } from "../../../support/hello.ts";

const files = async (compose: (environment: Environment) => readonly SiteRoute[]) =>
  WINDOWS.files(await exported(compose), []);

test("two applications cannot share the process of Apache", async () => {
  const two = (environment: Environment) =>
    ["one", "two"].map((name) =>
      Route.to(new App(environment, name, { source: source() }), { at: `/${name}` }),
    );
  await expect(files(two)).rejects.toMatchObject({
    what: "applications of shop on Windows",
    got: "one, two",
    fix: "Export a stack with one application and one route to it",
  });
});

test("sessions cannot be in memcached", async () => {
  const cached = (environment: Environment) => {
    const cache = new Memcached(environment, "cache", { memory: "64 MiB" });
    return [Route.to(new App(environment, "one", { source: source(), sessions: Sessions.in(cache) }))];
  };
  await expect(files(cached)).rejects.toMatchObject({
    what: "sessions of shop/one on Windows",
    got: "cache",
    fix: "Write sessions: Sessions.in(db)",
  });
});

test("two database servers cannot be at one address", async () => {
  const both = (environment: Environment) => {
    const app = new App(environment, "one", { source: source() });
    for (const name of ["db", "archive"]) app.uses(new Postgres(environment, name, { memory: "512 MiB" }));
    return [Route.to(app)];
  };
  await expect(files(both)).rejects.toMatchObject({
    what: "database servers of shop on Windows",
    got: "db, archive",
  });
});
