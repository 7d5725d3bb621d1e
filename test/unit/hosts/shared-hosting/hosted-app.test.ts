import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Construct } from "constructs";
import { expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Sessions } from "../../../../modules/app/sessions.ts";
import { Web2py } from "../../../../modules/app/web2py.ts";
import { Wsgi } from "../../../../modules/app/wsgi.ts";
import { Admin } from "../../../../modules/edge/admin.ts";
import { Apache } from "../../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../../modules/edge/edge.ts";
import { Route } from "../../../../modules/edge/route.ts";
import { Docker } from "../../../../modules/engine/docker.ts";
import { Environment } from "../../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../../modules/environment/target.ts";
import { SHARED_HOSTING } from "../../../../modules/hosts/shared-hosting/shared-hosting.ts";
import { Job } from "../../../../modules/jobs/job.ts";
import { Memcached } from "../../../../modules/memcached/memcached.ts";
import { Pooler } from "../../../../modules/postgres/pooler/pooler.ts";
import { Postgres } from "../../../../modules/postgres/postgres.ts";
import { Replica } from "../../../../modules/postgres/replica/replica.ts";
import { Tls } from "../../../../modules/tls/tls.ts";
import { Secret } from "../../../../modules/values/secret.ts";
import { exported } from "../../../support/exported.ts";
import { hello } from "../../../support/hello.ts";
import { folderOf, INSTALLATION } from "../../../support/web2py.ts";

/** A stack for development that a test fills. */
function stack(fill: (scope: Construct, target: Target) => void) {
  class Filled extends Environment {
    constructor(scope: Construct, target: Target) {
      super(scope, "dev", { engine: Docker.local(), purpose: "development" });
      fill(this, target);
    }
  }
  return exported("dev", (app) => new Filled(app, targetOf(app, "dev")));
}

/** The texts of the export by their paths. */
async function files(fill: (scope: Construct, target: Target) => void): Promise<ReadonlyMap<string, string>> {
  const written = SHARED_HOSTING.files(await stack(fill), []);
  return new Map(written.map(({ path, content }) => [path, String(content)]));
}

/** An edge with the first at the root of the site, and the second at /shop. */
function edge(scope: Construct, target: Target, first: App, second?: App): void {
  const routes = [Route.to(first), ...(second === undefined ? [] : [Route.to(second, { at: "/shop" })])];
  new Edge(scope, "edge", {
    server: Apache.modProxy(),
    target,
    tls: Tls.selfSigned(),
    routes,
    admin: Admin.throughTunnel(),
  });
}

test("sessions in memcached are refused, with what is allowed and the fix", async () => {
  const cached = await stack((scope) => {
    const cache = new Memcached(scope, "cache", { memory: "64 MiB" });
    new App(scope, "hello", { source: hello(), sessions: Sessions.in(cache) });
  });
  expect(() => SHARED_HOSTING.files(cached, [])).toThrow(
    'Invalid sessions of dev/hello on a shared host "cache": allowed is cookies, database, files or sticky, as such a host has no memcached. Leave out sessions, or write Sessions.in(db).',
  );
});

test("values in memcached are only left out", async () => {
  const written = await files((scope) => {
    const cache = new Memcached(scope, "cache", { memory: "64 MiB" });
    new App(scope, "hello", { source: hello() }).uses(cache);
  });
  expect(JSON.parse(written.get("private/site.json") ?? "").environment).not.toHaveProperty(
    "MEMCACHE_SERVERS",
  );
  expect(written.get("README.md")).toContain("- memcached (cache).");
});

test("the address of a database of the stack is for the owner of the account to write, and its certificate stays away", async () => {
  const written = await files((scope) => {
    const db = new Postgres(scope, "db", { memory: "256 MiB" });
    new App(scope, "hello", { source: hello() }).uses(db);
  });
  const secrets = [...written.keys()].filter((path) => path.startsWith("private/secrets/"));
  expect(secrets.sort()).toEqual(["private/secrets/db-url", "private/secrets/hello_session-key"]);
  expect(written.get("private/secrets/db-url")).toBe("postgresql://USER:PASSWORD@HOST:5432/DATABASE\n");
  expect(written.get("private/site.json")).not.toContain("PGSSLROOTCERT");
  expect(written.get("README.md")).toContain("`private/secrets/db-url`");
});

test("there is one address to write where the stack has a pooler, and a replica is refused", async () => {
  const pooled = await files((scope) => {
    const pooler = Pooler.transactions({ size: 5, memory: "64 MiB" });
    const db = new Postgres(scope, "db", { memory: "256 MiB", pooler });
    new App(scope, "hello", { source: hello() }).uses(db);
  });
  const secrets = [...pooled.keys()].filter((path) => path.startsWith("private/secrets/"));
  expect(secrets.sort()).toEqual(["private/secrets/db-url", "private/secrets/hello_session-key"]);
  expect(JSON.parse(pooled.get("private/site.json") ?? "").environment).toMatchObject({
    DATABASE_URL_FILE: "/run/secrets/db-url",
    DATABASE_DIRECT_URL_FILE: "/run/secrets/db-url",
  });
  const copied = await stack((scope) => {
    const db = new Postgres(scope, "db", { memory: "256 MiB" });
    const app = new App(scope, "hello", { source: hello() });
    app.uses(db);
    app.uses(new Replica(scope, "copy", { of: db }));
  });
  expect(() => SHARED_HOSTING.files(copied, [])).toThrow(
    'Invalid replicas of dev/hello on a shared host "dev/copy": allowed is none, for there is one database. Leave out copy, and let hello read from its database.',
  );
});

test("passwords are for their owner alone", async () => {
  const db = await stack((scope) => {
    new App(scope, "hello", { source: hello() });
  });
  const modes = SHARED_HOSTING.files(db, [])
    .filter(({ path }) => path.startsWith("private/secrets/") || path === "private/site.json")
    .map(({ mode }) => mode);
  expect(modes).toEqual([0o600, 0o600]);
});

test("jobs are lines of cron, and what they need comes along", async () => {
  const written = await files((scope) => {
    const app = new App(scope, "hello", { source: hello() });
    app.runs(Job.every("10 minutes", { name: "report", call: "hello:report" }));
  });
  expect(written.get("README.md")).toContain(
    "*/10 * * * * $HOME/slipway-hello/venv/bin/python $HOME/slipway-hello/manage.py job report",
  );
  expect(written.has("private/slipway_node/call.py")).toBe(true);
});

test("several applications have a folder each, and one at a path of the site its files below that", async () => {
  const folder = folderOf(["shop.py", "requirements.txt", "static/logo.svg", "static/.hidden"]);
  const written = await files((scope, target) => {
    const one = new App(scope, "hello", { source: hello() });
    const two = new App(scope, "shop", {
      source: Wsgi.fromDirectory(folder, { callable: "shop:application", adminPaths: ["/office"] }),
    });
    edge(scope, target, one, two);
  });
  expect(written.get("README.md")).toContain("- [shop](shop/README.md), at `/shop` of the site");
  expect(written.has("shop/public/static/logo.svg")).toBe(true);
  expect(written.has("shop/public/static/.hidden")).toBe(false);
  expect(written.get("shop/install.sh")).toContain(
    "public=$HOME/public_html/shop private=$HOME/slipway-shop ",
  );
  expect(written.get("shop/cgi/.htaccess")).toContain("shop[/\\x5c]+office");
});

test("web2py comes without its admin, its password and its caches", async () => {
  const installation = folderOf([...INSTALLATION, "applications/shop/static/logo.svg"]);
  writeFileSync(join(installation, "applications/shop/requirements.txt"), "markdown==3.9\n");
  const written = await files((scope, target) => {
    const source = Web2py.fromDirectory(installation, {
      applications: ["shop", "admin"],
      admin: Secret.generated("admin-password"),
    });
    edge(scope, target, new App(scope, "shop", { source }));
  });
  const paths = [...written.keys()];
  expect(paths.filter((path) => /applications\/admin|web2py-admin|web2py_admin/.test(path))).toEqual([]);
  expect(written.get("private/app/routes.py")).toContain('routers(["shop"])');
  expect(JSON.parse(written.get("private/settings/web2py.json") ?? "")).not.toHaveProperty("admin");
  expect(paths).toContain("public/static/logo.svg");
  expect(paths).toContain("public/shop/static/logo.svg");
  expect(paths).toContain("private/slipway_node/web2py_deployment.py");
  expect(written.get("private/requirements.txt")).toContain("markdown==3.9\n");
  expect(written.get("cgi/.htaccess")).toContain("appadmin");
});
