import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import type { Source } from "../../../modules/app/source.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import type { SessionPlace } from "../../../modules/rules/description.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

function services() {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const cache = new Memcached(environment, "cache", { memory: "64 MiB", instances: 2 });
  const shared = new SharedFolders(environment, "shared");
  const workload = <S extends SessionPlace>(source: Source<S>, sessions: Sessions<S>, more?: Memcached) => {
    const shop = new App(environment, "shop", { source, sessions });
    if (more) shop.uses(more);
    const [only] = shop.workloads();
    if (only === undefined) throw new Error("no workload");
    return only;
  };
  return { environment, db, cache, shared, workload };
}

test("what sessions are kept in is used without being told again", () => {
  const { db, workload } = services();
  const { networks, environment, secrets } = workload(hello(), Sessions.in(db));
  expect(networks.map(({ name }) => name.text)).toEqual(["shop", "db"]);
  expect(environment).toMatchObject({
    SESSION_TYPE: "database",
    SESSION_DATABASE_URL_FILE: "/run/secrets/db-url",
    SLIPWAY_WAIT_FOR: "/run/secrets/db-url",
  });
  const paths = secrets.map(({ secret, path }) => path ?? `/run/secrets/${secret.name}`);
  expect(paths).toContain(environment.SESSION_SECRET_KEY_FILE);
});

test("a cache forgets sessions after the time that the stack names, in seconds", () => {
  const { cache, workload } = services();
  expect(workload(hello(), Sessions.in(cache, { expire: "60 minutes" })).environment).toMatchObject({
    SESSION_TYPE: "memcache",
    SESSION_MEMCACHE_SERVERS: "cache-1:11211,cache-2:11211",
    SESSION_EXPIRE: "3600",
    MEMCACHE_SERVERS: "cache-1:11211,cache-2:11211",
  });
});

test("sessions that nobody could keep are refused", () => {
  const { cache } = services();
  expect(() => Sessions.in(cache, { expire: "0 seconds" })).toThrow("Invalid time after which sessions");
});

test("values do not push out sessions that have a cache of their own", () => {
  const { environment, cache, workload } = services();
  const values = new Memcached(environment, "values", { memory: "64 MiB" });
  expect(workload(hello(), Sessions.in(cache), values).environment).toMatchObject({
    SESSION_MEMCACHE_SERVERS: "cache-1:11211,cache-2:11211",
    MEMCACHE_SERVERS: "values:11211",
  });
});

test("py4web's scaffold is told in its own words", () => {
  const { environment, cache, workload } = services();
  const values = new Memcached(environment, "values", { memory: "64 MiB" });
  const { files } = workload(Py4web.fromDirectory("examples/guestbook"), Sessions.in(cache), values);
  const settings = files.find(({ path }) => path.endsWith("settings_private.py"))?.content;
  expect(settings).toContain('SESSION_TYPE = "memcache"\n');
  expect(settings).toContain('MEMCACHE_CLIENTS = ["cache-1:11211","cache-2:11211"]\n');
});

test("files are in the shared folders, and sticky ones in no folder that another node sees", () => {
  const mounts = (choose: (shared: SharedFolders) => Sessions<"files" | "sticky">) => {
    const { environment, shared } = services();
    const shop = new App(environment, "shop", { source: hello(), sessions: choose(shared) });
    shop.uses(shared);
    const [workload] = shop.workloads();
    expect(workload?.environment.SESSION_FOLDER).toBe("/srv/shared/sessions");
    return workload?.volumes.map(({ path }) => path);
  };
  expect(mounts((shared) => Sessions.inFiles(shared))).toContain("/srv/shared/sessions");
  const sticky = mounts(() => Sessions.sticky());
  expect(sticky).not.toContain("/srv/shared/sessions");
  expect(sticky).toContain("/srv/shared/uploads");
});

test("a service of another stack is refused", () => {
  const { cache } = services();
  const elsewhere = sandbox();
  expect(() => new App(elsewhere, "shop", { source: hello(), sessions: Sessions.in(cache) })).toThrow(
    InvalidValue,
  );
});
