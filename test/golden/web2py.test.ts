import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Grant } from "../../modules/app/service.ts";
import { Sessions } from "../../modules/app/sessions.ts";
import type { Delivery } from "../../modules/app/source.ts";
import { Web2py } from "../../modules/app/web2py.ts";
import { web2pyRoutes } from "../../modules/app/web2py-routes.ts";
import { Memcached } from "../../modules/memcached/memcached.ts";
import { Postgres } from "../../modules/postgres/postgres.ts";
import { Name } from "../../modules/values/name.ts";
import { Secret } from "../../modules/values/secret.ts";
import { sandbox } from "../support/sandbox.ts";
import { folderOf, INSTALLATION } from "../support/web2py.ts";

const textOf = (delivery: Delivery) => delivery.files[0]?.content ?? "";
const settingsOf = (delivery: Delivery) => JSON.parse(textOf(delivery));

function everything(): Delivery {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const cache = new Memcached(environment, "cache", { memory: "64 MiB", instances: 2 });
  const grants: Grant[] = [db.grant({ name: Name.of("shop"), connections: 60 }), cache.grant()];
  const source = Web2py.fromDirectory(folderOf(INSTALLATION), {
    applications: ["shop", "blog", "admin"],
    admin: Secret.generated("admin-password"),
  });
  return source.deliver({
    name: "shop",
    grants,
    sessions: Sessions.in(db),
    uploads: undefined,
    poolSize: 15,
  });
}

test("all services", async () => {
  const delivery = everything();
  const settings = settingsOf(delivery);
  // Each file that is read is one that is delivered.
  expect([settings.database, settings.admin]).toEqual(
    delivery.secrets.map(({ secret, path }) => path ?? `/run/secrets/${secret.name}`),
  );
  expect(delivery.environment).toEqual({
    SLIPWAY_DATABASE_URL_FILE: settings.database,
    // Admin has no tables.
    SLIPWAY_MIGRATION: "slipway_node.web2py_migrate shop blog",
    SLIPWAY_SETUP: "slipway_node.web2py_admin",
  });
  await expect(textOf(delivery)).toMatchFileSnapshot("web2py-all-services.json.golden");
});

test("no services, and sessions in cookies", async () => {
  const source = Web2py.fromDirectory(folderOf(INSTALLATION), { applications: ["shop"], migrate: false });
  const delivery = source.deliver({
    name: "shop",
    grants: [],
    sessions: Sessions.inCookies(),
    uploads: undefined,
    poolSize: 15,
  });
  expect(delivery.environment).toEqual({});
  expect(delivery.secrets.map(({ secret }) => `/run/secrets/${secret.name}`)).toEqual([
    settingsOf(delivery).sessionKey,
  ]);
  await expect(textOf(delivery)).toMatchFileSnapshot("web2py-no-services.json.golden");
});

const routes = { "web2py-routes": false, "web2py-own-routes": true };
test.each(Object.entries(routes))("%s.py", async (name, own) => {
  await expect(web2pyRoutes(["shop", "blog"], own)).toMatchFileSnapshot(`${name}.py.golden`);
});

const python = spawnSync("python3", ["--version"]).status === 0;
describe.skipIf(!python)("Python", () => {
  test.each(Object.entries(routes))("can read %s.py", (_, own) => {
    const { status, stderr } = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
      input: web2pyRoutes(["shop", "blog"], own),
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
  });
});
