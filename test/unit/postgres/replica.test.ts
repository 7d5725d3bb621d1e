import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Pooler } from "../../../modules/postgres/pooler/pooler.ts";
import { Postgres, type PostgresProps } from "../../../modules/postgres/postgres.ts";
import { Replica, type ReplicaProps } from "../../../modules/postgres/replica/replica.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

function replicated(props: Partial<ReplicaProps> = {}, of: Partial<PostgresProps> = {}) {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB", connections: 80, cpus: 4, ...of });
  const replica = new Replica(environment, "db-replica", { of: db, ...props });
  const shop = new App(environment, "shop", { source: hello() });
  // The order does not matter: the address to write to is that of the primary.
  shop.uses(replica);
  shop.uses(db);
  const file = (module: Postgres | Replica, name: string) =>
    module.workloads()[0]?.files.find(({ path }) => path === `/etc/slipway/${name}`)?.content ?? "";
  return { environment, db, replica, shop, file };
}

test("an application gets a second address, which it does not wait for", () => {
  const { shop, environment, replica } = replicated();
  expect(shop.workloads()[0]?.environment).toMatchObject({
    DATABASE_URL_FILE: "/run/secrets/db-url",
    DB_REPLICA_URL_FILE: "/run/secrets/db-replica-url",
    SLIPWAY_WAIT_FOR: "/run/secrets/db-url",
  });
  expect(shop.workloads()[0]?.secrets.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "/run/secrets/db-replica-url",
      "/run/secrets/db-replica-ca",
      "/run/secrets/db-ca",
      "/run/secrets/database-certificates",
    ]),
  );
  const guestbook = new App(environment, "guestbook", { source: Py4web.fromDirectory("examples/guestbook") });
  guestbook.uses(replica);
  expect(
    guestbook.workloads()[0]?.files.find(({ path }) => path.endsWith("settings_private.py"))?.content,
  ).toContain('DB_READ_URI = _secret("db-replica-url")');
});

test("the password of an application is the same on both", () => {
  const { shop } = replicated();
  const urls = shop
    .workloads()[0]
    ?.secrets.filter(({ path }) => path?.endsWith("-url"))
    .map(({ secret: { source } }) =>
      source.kind === "composed" ? source.parts.filter((part) => typeof part !== "string") : [],
    );
  expect(urls?.map(([password]) => password?.name)).toEqual(["db_shop_password", "db_shop_password"]);
});

test("a replica accepts as many connections and has as many workers as its primary, or it would not start", () => {
  const { db, replica, file } = replicated({ memory: "1 GiB" });
  for (const setting of ["max_connections", "max_worker_processes"]) {
    const lines = [db, replica].map(
      (module) => new RegExp(`^${setting} = .*$`, "m").exec(file(module, "postgresql.conf"))?.[0],
    );
    expect(lines[0]).toBeDefined();
    expect(lines[1]).toBe(lines[0]);
  }
  expect(file(replica, "postgresql.conf")).toContain("shared_buffers = 262144kB");
});

test("the primary lets the replica in, keeps a bounded backlog for it, and drops the slots of others", () => {
  const { db, file } = replicated({ backlog: "2 GiB" });
  expect(file(db, "pg_hba.conf")).toContain(
    "hostssl  replication  slipway_replication  samenet  scram-sha-256\n",
  );
  expect(file(db, "postgresql.conf")).toContain("max_slot_wal_keep_size = 2097152kB\n");
  const roles = file(db, "roles.sql");
  expect(roles).toContain("ALTER ROLE slipway_replication LOGIN");
  expect(roles).toContain("pg_create_physical_replication_slot('slipway_db_replica', true)");
  expect(roles).toContain("ANY (ARRAY['slipway_db_replica']::text[])");
});

test("without a replica its slots are dropped, or they would keep the log for ever", () => {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const roles = db.workloads()[0]?.files.find(({ path }) => path.endsWith("roles.sql"))?.content;
  expect(roles).toContain("pg_drop_replication_slot(slot_name)");
  expect(roles).toContain("ANY (ARRAY[]::text[])");
  expect(roles).not.toContain("slipway_replication");
});

test("it stands on the network of its primary and on one of its own, and neither leads outside", () => {
  const { replica, file } = replicated();
  expect(replica.workloads()[0]?.networks.map(({ name, internal }) => [name.text, internal])).toEqual([
    ["db-replica", true],
    ["db", true],
  ]);
  const conf = file(replica, "postgresql.conf");
  expect(conf).toContain("primary_conninfo = 'host=db port=5432 user=slipway_replication");
  expect(conf).toContain("sslmode=verify-full sslrootcert=/run/secrets/primary-ca");
  expect(conf).not.toContain("password=");
});

test("behind a pooler an application may open on the replica what it may open on the pooler", () => {
  const { db, file } = replicated({}, { pooler: Pooler.transactions({ size: 3 }) });
  expect(file(db, "roles.sql")).toContain("CONNECTION LIMIT 30 PASSWORD");
});

test("a replica of another stack's database is refused, and so is a lag of nothing", () => {
  const elsewhere = new Postgres(sandbox(), "db", { memory: "512 MiB" });
  expect(() => new Replica(sandbox(), "db-replica", { of: elsewhere })).toThrow(InvalidValue);
  expect(() => replicated({ lag: "0 seconds" })).toThrow(InvalidValue);
});
