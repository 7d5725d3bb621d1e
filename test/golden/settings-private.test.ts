import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { Py4web } from "../../modules/app/py4web.ts";
import type { Grant } from "../../modules/app/service.ts";
import { Sessions } from "../../modules/app/sessions.ts";
import type { Delivery } from "../../modules/app/source.ts";
import { Memcached } from "../../modules/memcached/memcached.ts";
import { Postgres } from "../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../modules/shared-folders/shared-folders.ts";
import { Name } from "../../modules/values/name.ts";
import { sandbox } from "../support/sandbox.ts";

const guestbook = Py4web.fromDirectory("examples/guestbook");
const textOf = (delivery: Delivery) => delivery.files[0]?.content ?? "";

/** What Python would bind, as far as it is written out. */
const bindings = (text: string) =>
  new Map([...text.matchAll(/^([A-Z_]+) = (.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));

function everything(): Delivery {
  const environment = sandbox();
  const consumer = { name: Name.of("guestbook"), connections: 60 };
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const cache = new Memcached(environment, "cache", { memory: "64 MiB", instances: 2 });
  const shared = new SharedFolders(environment, "shared");
  const grants: Grant[] = [db.grant(consumer), cache.grant(), shared.grant(consumer)];
  return guestbook.deliver({
    name: "guestbook",
    grants,
    sessions: Sessions.in(db),
    uploads: undefined,
    poolSize: 15,
  });
}

const nothing = () =>
  guestbook.deliver({
    name: "guestbook",
    grants: [],
    sessions: Sessions.inCookies(),
    uploads: undefined,
    poolSize: 15,
  });

test("all services", async () => {
  const delivery = everything();
  const bound = bindings(textOf(delivery));
  expect(JSON.parse(bound.get("MEMCACHE_CLIENTS") ?? "")).toEqual(["cache-1:11211", "cache-2:11211"]);
  expect(bound.get("SESSION_TYPE")).toBe('"database"');
  expect(bound.get("UPLOAD_FOLDER")).toBe('"/srv/shared/uploads"');
  // Each file that is read is one that is delivered.
  const read = [...textOf(delivery).matchAll(/_secret\("(.*?)"\)/g)].map(
    ([, name]) => `/run/secrets/${name}`,
  );
  expect(read).toEqual(delivery.secrets.map(({ secret, path }) => path ?? `/run/secrets/${secret.name}`));
  expect(delivery.environment.SLIPWAY_DATABASE_URL_FILE).toBe(read[1]);
  await expect(textOf(delivery)).toMatchFileSnapshot("settings-private-all-services.py.golden");
});

test("no services", async () => {
  const delivery = nothing();
  const bound = bindings(textOf(delivery));
  expect([...bound.keys()]).toEqual(["NODE_NAME", "SESSION_TYPE", "SESSION_SECRET_KEY", "MEMCACHE_CLIENTS"]);
  expect(delivery.environment).toEqual({ SLIPWAY_APPLICATION: "guestbook" });
  await expect(textOf(delivery)).toMatchFileSnapshot("settings-private-no-services.py.golden");
});

const python = spawnSync("python3", ["--version"]).status === 0;
describe.skipIf(!python)("Python", () => {
  test.each([
    ["all services", everything],
    ["no services", nothing],
  ])("can read what is written for %s", (_, deliver) => {
    const { status, stderr } = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
      input: textOf(deliver()),
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
  });
});
