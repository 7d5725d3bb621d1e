import { describe, expect, test } from "vitest";
import { App, type AppProps } from "../../../modules/app/app.ts";
import { Concurrency } from "../../../modules/app/concurrency.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

function app(props: Partial<AppProps> = {}) {
  const environment = sandbox();
  const shop = new App(environment, "shop", { source: hello(), ...props });
  return { environment, shop, workload: () => shop.workloads()[0] };
}

test("what an application uses gives it networks, folders, secrets and what to wait for", () => {
  const { environment, shop, workload } = app();
  shop.uses(new Postgres(environment, "db", { memory: "512 MiB" }));
  shop.uses(new Memcached(environment, "cache", { memory: "64 MiB", instances: 2 }));
  shop.uses(new SharedFolders(environment, "shared", { on: Nfs.v4("10.0.0.20", "/tank") }));
  expect(workload()?.networks.map(({ name }) => name.text)).toEqual(["shop", "db", "cache"]);
  expect(workload()?.environment).toMatchObject({
    DATABASE_URL_FILE: "/run/secrets/db-url",
    MEMCACHE_SERVERS: "cache-1:11211,cache-2:11211",
    SESSIONS_FOLDER: "/srv/shared/sessions",
    ERRORS_FOLDER: "/srv/shared/errors",
    UPLOADS_FOLDER: "/srv/shared/uploads",
    CACHE_FOLDER: "/srv/shared/cache",
    SLIPWAY_HEALTH_PATH: "/healthz",
    SLIPWAY_WAIT_FOR: "/run/secrets/db-url",
  });
  expect(workload()?.volumes.map(({ path }) => path)).toEqual([
    "/srv/static",
    "/srv/shared/sessions",
    "/srv/shared/errors",
    "/srv/shared/uploads",
    "/srv/shared/cache",
  ]);
});

test("an application that uses nothing is on its own network only", () => {
  const { workload } = app();
  expect(workload()?.networks.map(({ name }) => name.text)).toEqual(["shop"]);
  expect(workload()?.secrets.map(({ secret }) => secret.name)).toEqual(["shop_session-key"]);
});

test("the database counts the connections of old and new nodes, for they run side by side", () => {
  const { environment, shop } = app({ nodes: 3, concurrency: Concurrency.threads(5) });
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  shop.uses(db);
  expect(shop.describe().apps?.[0]?.connections).toEqual({ "sandbox/db": 30 });
  const roles = db.workloads()[0]?.files.find(({ path }) => path.endsWith("roles.sql"))?.content;
  expect(roles).toContain("CONNECTION LIMIT 30");
});

test("two applications of one server have databases, roles and passwords of their own", () => {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const urls = ["shop", "blog"].map((id) => {
    const each = new App(environment, id, { source: hello() });
    each.uses(db);
    return each.workloads()[0]?.secrets[0]?.secret.name;
  });
  expect(urls).toEqual(["db_shop_url", "db_blog_url"]);
  expect(db.workloads()[0]?.secrets.map(({ secret, path }) => [secret.name, path])).toEqual([
    ["db_key", "/run/secrets/server.key"],
    ["db_certificate", "/run/secrets/server.crt"],
    ["db_shop_password", "/run/secrets/shop-password"],
    ["db_blog_password", "/run/secrets/blog-password"],
  ]);
});

test("an application knows its database server by the server's own certificate, and never has its key", () => {
  const { environment, shop } = app();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  shop.uses(db);
  const [workload] = shop.workloads();
  const secrets = workload?.secrets ?? [];
  expect(secrets.find(({ path }) => path === "/run/secrets/db-ca")?.secret.name).toBe("db_certificate");
  expect(workload?.environment.PGSSLROOTCERT).toBe("/run/secrets/db-ca");
  expect(secrets.filter(({ secret }) => secret.source.kind === "private-key")).toEqual([]);
  const url = secrets.find(({ path }) => path === "/run/secrets/db-url")?.secret.source;
  expect(url?.kind === "composed" && url.parts.at(-1)).toBe(
    "db:5432/shop?sslmode=verify-full&sslrootcert=/run/secrets/db-ca",
  );
});

test("an application of two database servers has one file that knows both, for what reads no address", () => {
  const { environment, shop } = app();
  for (const id of ["db", "archive"]) shop.uses(new Postgres(environment, id, { memory: "512 MiB" }));
  const [workload] = shop.workloads();
  const both = workload?.secrets.find(({ path }) => path === workload.environment.PGSSLROOTCERT)?.secret;
  expect(String(both)).toContain("composed of db_certificate, archive_certificate");
});

describe("what is out of range is refused in one line", () => {
  const db = (props: object) => () => new Postgres(sandbox(), "db", { memory: "512 MiB", ...props });
  const cache = (instances: number) => () =>
    new Memcached(sandbox(), "cache", { memory: "64 MiB", instances });
  test.each<[string, () => unknown, string]>([
    ["no nodes", () => app({ nodes: 0 }), 'Invalid number of nodes "0"'],
    ["half a node", () => app({ nodes: 1.5 }), 'Invalid number of nodes "1.5"'],
    ["no threads", () => Concurrency.threads(0), 'Invalid number of threads "0"'],
    ["too many processes", () => Concurrency.processes(1001), 'Invalid number of processes "1001"'],
    ["no connections", db({ connections: 0 }), 'Invalid number of connections "0"'],
    [
      "connections that are no number",
      db({ connections: Number.NaN }),
      'Invalid number of connections "NaN"',
    ],
    ["a version that nobody packages", db({ version: 18 }), 'Invalid version of PostgreSQL "18"'],
    [
      "an extension that there is not",
      db({ extensions: ["postgis"] }),
      'Invalid extension of PostgreSQL "postgis"',
    ],
    ["half a connection", db({ connections: 100.5 }), 'Invalid number of connections "100.5"'],
    ["no instances", cache(0), 'Invalid number of instances "0"'],
    ["a negative number of instances", cache(-1), 'Invalid number of instances "-1"'],
    [
      "a callable without a module",
      () => Wsgi.fromDirectory("x", { callable: "application" }),
      "Invalid WSGI callable",
    ],
    [
      "a folder without an application",
      () => Py4web.fromDirectory("examples"),
      'Invalid py4web application "examples"',
    ],
    [
      "a name that Python cannot import",
      () => Py4web.fromDirectory("examples/guestbook", { application: "my-shop" }),
      'Invalid py4web application "my-shop"',
    ],
  ])("%s", (_, attempt, beginning) => {
    expect(attempt).toThrow(InvalidValue);
    expect(attempt).toThrow(beginning);
  });
});
