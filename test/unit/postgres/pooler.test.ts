import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Pooler } from "../../../modules/postgres/pooler/pooler.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

function pooled(pooler = Pooler.transactions({ size: 12 })) {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB", pooler });
  const shop = new App(environment, "shop", { source: hello(), nodes: 3 });
  shop.uses(db);
  const file = (at: number, path: string) =>
    db.workloads()[at]?.files.find((one) => one.path === `/etc/slipway/${path}`)?.content ?? "";
  return { environment, db, shop, file };
}

test("a pooler is a workload of its own on the network of the database", () => {
  const { db } = pooled();
  const [, pooler] = db.workloads();
  expect(pooler).toMatchObject({
    role: "pooler",
    replicas: 1,
    networks: [{ name: db.name, internal: true }],
  });
  expect(pooler?.name.text).toBe("db-pooler");
});

test("applications are led to it, and past it for migrations", () => {
  const { environment, db, shop } = pooled();
  expect(shop.workloads()[0]?.environment).toMatchObject({
    DATABASE_URL_FILE: "/run/secrets/db-url",
    DATABASE_DIRECT_URL_FILE: "/run/secrets/db-direct-url",
    SLIPWAY_WAIT_FOR: "/run/secrets/db-url /run/secrets/db-direct-url",
  });
  const texts = shop
    .workloads()[0]
    ?.secrets.map(({ secret: { source } }) =>
      source.kind === "composed" ? source.parts.filter((part) => typeof part === "string").join("…") : "",
    );
  expect(texts?.slice(0, 2)).toEqual([
    expect.stringContaining("@…db-pooler:5432/shop?sslmode=verify-full"),
    expect.stringContaining("@…db:5432/shop?sslmode=verify-full"),
  ]);
  const guestbook = new App(environment, "guestbook", { source: Py4web.fromDirectory("examples/guestbook") });
  guestbook.uses(db);
  const [workload] = guestbook.workloads();
  expect(workload?.environment.SLIPWAY_DATABASE_URL_FILE).toBe("/run/secrets/db-direct-url");
  expect(workload?.files.find(({ path }) => path.endsWith("settings_private.py"))?.content).toContain(
    '_secret("db-direct-url" if DB_MIGRATE else "db-url")',
  );
});

test("a role may open its pool and what migrations need, and the pooler takes all clients", () => {
  const { db, file } = pooled();
  // Twelve of the pool, a lock for each of three nodes, and five.
  expect(file(0, "roles.sql")).toContain("CONNECTION LIMIT 20 PASSWORD");
  // Three nodes of fifteen threads, twice in a release, and twenty others.
  expect(file(1, "pgbouncer.ini")).toContain("max_client_conn = 110\n");
  expect(file(1, "pgbouncer.ini")).toContain("default_pool_size = 12\n");
  expect(db.describe().databases).toMatchObject([{ pool: { mode: "transaction", size: 12, opened: 25 } }]);
});

test("passwords are in a secret file and never in the configuration", () => {
  const { db, file } = pooled();
  const users = db.workloads()[1]?.secrets.find(({ path }) => path === "/run/secrets/userlist.txt")?.secret;
  expect(users?.source).toMatchObject({
    kind: "composed",
    parts: [
      '"shop" "',
      expect.objectContaining({ name: "db_shop_password" }),
      '"\n',
      '"slipway_pooler" "',
      expect.objectContaining({ name: "db_slipway-pooler_password" }),
      '"\n',
    ],
  });
  expect(file(1, "pgbouncer.ini")).not.toContain("password");
  expect(file(0, "pg_hba.conf")).toContain("hostssl  postgres  slipway_pooler  samenet  scram-sha-256\n");
});

test("without a pooler nothing of it is left", () => {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const shop = new App(environment, "shop", { source: Wsgi.fromDirectory("x", { callable: "x:y" }) });
  shop.uses(db);
  expect(db.workloads()).toHaveLength(1);
  expect(JSON.stringify([db.workloads(), shop.workloads()])).not.toContain("pooler_password");
});

test.each([0, 2.5, Number.NaN, 20_000])("a pool of %d is refused", (size) => {
  expect(() => Pooler.transactions({ size })).toThrow(InvalidValue);
  expect(() => Pooler.sessions({ size })).toThrow(InvalidValue);
});
