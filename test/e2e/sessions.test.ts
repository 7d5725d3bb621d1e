import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { fromBothNodes } from "./guestbook.ts";
import { load } from "./load.ts";
import { PNG } from "./picture.ts";
import { docker, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { Visitor } from "./visitor.ts";

const site = new Site(
  `${PROJECT_PREFIX}-sessions`,
  { http: 18110, https: 18473 },
  "test/e2e/stacks/sessions.ts",
  "sessions",
);
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Runs Python on a node, with the platform's own package and whatever is in the image. */
async function python(...lines: readonly string[]): Promise<string> {
  const node = await site.container("guestbook-1");
  return docker("exec", node, "/srv/venv/bin/python", "-c", lines.join("\n"));
}

async function signedUp(name: string): Promise<Visitor> {
  const visitor = await Visitor.to(site);
  const fields = { username: name, password: "correct horse battery" };
  const { status, body } = await visitor.submit("/signup", "signup", fields);
  expect(status, body).toBe(303);
  return visitor;
}

/** The instance that has the session of a visitor. */
async function keeperOf(visitor: Visitor): Promise<string> {
  return python(
    "from pymemcache.client.base import Client",
    "from slipway_node.memcached import name_of",
    `name = name_of("guestbook/session", ${JSON.stringify(visitor.cookie("guestbook_session"))})`,
    "print(*(n for n in ('cache-1', 'cache-2', 'cache-3') if Client(f'{n}:11211').get(name)))",
  );
}

/** How many of them are known. */
async function known(visitors: readonly Visitor[]): Promise<number> {
  const pages = await Promise.all(visitors.map((visitor) => visitor.get("/me")));
  expect(pages.map(({ status }) => status)).toEqual(visitors.map(() => 200));
  return pages.filter(({ body }) => body.includes("You are")).length;
}

describe("sessions in memcached, and pictures in the database", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  test("nodes share no folder", async () => {
    const mounts = await docker(
      "inspect",
      "--format",
      "{{range .Mounts}}{{.Destination}} {{end}}",
      await site.container("guestbook-1"),
    );
    expect(mounts.split(" ").filter((path) => path.startsWith("/srv/shared"))).toEqual([]);
  });

  test("a picture that one node took in comes from both, as one that never changes", async () => {
    const visitor = await signedUp(`pic${Date.now()}`);
    const signed = await visitor.submit("/", "entry", { message: "with a picture", picture: PNG });
    expect(signed.status, signed.body).toBe(303);
    const [page] = await fromBothNodes(visitor, "/");
    const path = /\/picture\/[0-9a-f]+\.webp/.exec(page?.body ?? "")?.[0] ?? "";
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const picture = await visitor.get(path);
      expect(picture.status).toBe(200);
      expect(picture.headers["content-type"]).toBe("image/webp");
      expect(picture.headers["cache-control"]).toContain("immutable");
      expect(picture.body).toContain("WEBP");
    }
    expect((await visitor.get("/picture/00000000000000000000000000000000.webp")).status).toBe(404);
    const moved = [
      "import os; os.environ['SLIPWAY_DB_FOLDER'] = '/tmp/copy'; os.makedirs('/tmp/copy', exist_ok=True)",
      "from slipway_node import py4web_site",
      "from apps.guestbook.storage import Folder, copy_pictures",
      "print(copy_pictures('database', 'folder'), copy_pictures('database', 'folder'), sep='; ')",
    ];
    expect(await python(...moved)).toContain(
      "1 of 1 pictures copied from database to folder, 0 not found; 0 of 1 pictures copied",
    );
  });

  test("the loss of one instance of three moves its keys, and no other", async () => {
    const counted = await python(
      "from pymemcache.client.rendezvous import RendezvousHash",
      "servers = ['cache-1:11211', 'cache-2:11211', 'cache-3:11211']",
      "all, two = RendezvousHash(list(servers)), RendezvousHash(servers[:2])",
      "keys = [str(key) for key in range(3000)]",
      "lost = [key for key in keys if all.get_node(key) == servers[2]]",
      "moved = [key for key in keys if all.get_node(key) != two.get_node(key)]",
      "print(moved == lost, 800 < len(lost) < 1200)",
    );
    expect(counted).toBe("True True");
  });

  test("the scaffold's client takes a session without an expiration, and keeps it apart from values", async () => {
    const answers = await python(
      "from slipway_node import py4web_site",
      "import memcache",
      "from py4web.core import Session",
      "client = memcache.Client(['cache-1:11211', 'cache-2:11211', 'cache-3:11211'], debug=0)",
      "store = Session(secret='x9!Qz' * 12, storage=client).params.storage",
      "print(store.set('key', '{}', None), store.get(b'key'), client.get('key'), client.set('key', {'n': 1}))",
      "print(client.get('key'), client.set('count', 1), client.incr('count'), client.get_multi(['key', 'none']))",
      "store.delete('key')",
      "print(store.get('key'), client.get('key'), client.delete('key'), client.get('key'))",
    );
    expect(answers.split("\n").slice(-3)).toEqual([
      "True {} None True",
      "{'n': 1} True 2 {'key': {'n': 1}}",
      "None {'n': 1} True None",
    ]);
  });

  test("a connection to memcached serves more than one request", async () => {
    const visitor = await signedUp(`bob${Date.now()}`);
    const opened = async () =>
      Number(
        await python(
          "from pymemcache.client.base import Client",
          "print(sum(Client(f'cache-{at}:11211').stats()[b'total_connections'] for at in (1, 2, 3)))",
        ),
      );
    const before = await opened();
    for (let at = 0; at < 20; at += 1) await known(Array.from({ length: 10 }, () => visitor));
    // Of 200 requests; health checks open one every two seconds as well, and ten requests at a time need one each.
    expect((await opened()) - before).toBeLessThan(100);
  });

  test("an instance dies under load and no request fails: its own visitors sign in again, and it is used when it is back", async () => {
    const visitors = new Map<Visitor, string>();
    const keptBy = (name: string) => [...visitors.values()].filter((keeper) => keeper === name).length;
    while (visitors.size < 20 && (keptBy("cache-2") === 0 || visitors.size < keptBy("cache-2") + 2)) {
      const visitor = await signedUp(`v${visitors.size}x${Date.now()}`);
      visitors.set(visitor, await keeperOf(visitor));
    }
    expect(await known([...visitors.keys()])).toBe(visitors.size);
    const stop = await load(site, 8);
    await pause(1);
    await docker("kill", await site.container("cache-2"));
    await pause(3);
    const { outcomes, nodes } = await stop();
    expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
    expect([...nodes].sort()).toEqual(["guestbook-1", "guestbook-2"]);
    expect(await known([...visitors.keys()])).toBe(visitors.size - keptBy("cache-2"));
    const meanwhile = await signedUp(`m${Date.now()}`);
    expect(await known([meanwhile, meanwhile, meanwhile]), "on both nodes").toBe(3);

    await docker("start", await site.container("cache-2"));
    await site.allHealthy();
    await pause(6);
    const keepers = new Set<string>();
    for (let at = 0; at < 20 && !keepers.has("cache-2"); at += 1)
      keepers.add(await keeperOf(await signedUp(`w${at}x${Date.now()}`)));
    expect([...keepers]).toContain("cache-2");
  });

  test("with the database stopped both nodes know who is signed in, and one can sign out", async () => {
    const name = `ann${Date.now()}`;
    const visitor = await signedUp(name);
    const database = await site.container("db");
    await docker("stop", database);
    try {
      expect((await visitor.get("/")).status).toBe(503);
      for (const { status, body } of await fromBothNodes(visitor, "/me")) {
        expect(status).toBe(200);
        expect(body).toContain(`You are <span class="me">${name}</span>`);
      }
      expect((await visitor.submit("/me", "signout", {}, "/signout")).status).toBe(303);
      expect(await known([visitor])).toBe(0);
    } finally {
      await docker("start", database);
      await site.allHealthy();
    }
    expect((await visitor.get("/")).status).toBe(200);
  });

  test("while no instance answers, pages are there for strangers; who signs in after it is known", async () => {
    const visitor = await signedUp(`eve${Date.now()}`);
    const instances = await Promise.all([1, 2, 3].map((at) => site.container(`cache-${at}`)));
    await docker("stop", ...instances);
    try {
      expect((await visitor.get("/")).status).toBe(200);
      expect(await known([visitor, visitor])).toBe(0);
    } finally {
      await docker("start", ...instances);
    }
    await site.allHealthy();
    // Each node finds out by itself, five seconds after an instance last kept it waiting for half a second.
    await pause(6);
    await until("who signs in is known on every node", 40, async () => {
      // A form that was kept in an instance which a node does not ask again yet is refused.
      const after = await signedUp(`zoe${Date.now()}`).catch(() => undefined);
      return after !== undefined && (await known(Array.from({ length: 4 }, () => after))) === 4;
    });
  });

  test("a cache that is filled with everything that it takes stays below its limit", async () => {
    const filled = await python(
      "import socket",
      "server = socket.create_connection(('cache-3', 11211), timeout=60)",
      "item = lambda key, size: b'set %b 0 0 %d noreply\\r\\n%b\\r\\n' % (key.encode(), size, b'x' * size)",
      "for part in range(50): server.sendall(b''.join(item(f'{part}-{number}', 1) for number in range(10_000)))",
      "size = 96",
      "while size < 1_000_000:",
      "    for number in range(max(3, 3_000_000 // size)): server.sendall(item(f's{size}-{number}', size))",
      "    size = int(size * 1.2)",
      "many = [socket.create_connection(('cache-3', 11211), timeout=60) for _ in range(500)]",
      "for one in many: one.sendall(item('big', 900_000) + b'get big\\r\\n')",
      "for one in many:",
      "    answer = b''",
      "    while not answer.endswith(b'END\\r\\n'): answer += one.recv(1 << 20)",
      "server.sendall(b'stats\\r\\n')",
      "stats = server.makefile('rb')",
      "print(next(int(line.split()[2]) > 0 for line in stats if b'STAT evictions' in line))",
    );
    expect(filled).toBe("True");
    const state = "{{.State.Status}} {{.State.OOMKilled}} {{.RestartCount}}";
    expect(await docker("inspect", "--format", state, await site.container("cache-3"))).toBe(
      "running false 0",
    );
  });
});
