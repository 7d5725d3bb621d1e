import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { load as loadOf, type Tally } from "./load.ts";
import { docker, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

const [HTTP, HTTPS] = [18133, 18483];
const site = new Site(
  `${PROJECT_PREFIX}-balancers`,
  { http: HTTP, https: HTTPS },
  "test/e2e/stacks/balancers.ts",
  "balancers",
);
/** Edges before each balancer, in the order of the stack. */
const EDGES = { cookie: HTTPS, address: HTTPS + 1, pound: HTTPS + 2 } as const;
const NODES = ["shop-1", "shop-2", "shop-3"];

/** What the mirror tells. */
interface Mirrored {
  readonly node: string;
  readonly release: string;
  readonly received: number;
  readonly headers: Readonly<Record<string, string>>;
}

const agent = new Agent({ connect: { rejectUnauthorized: false }, connections: 64 });
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function ask(
  edge: keyof typeof EDGES,
  options: { cookie?: string; body?: string; path?: string } = {},
) {
  const { statusCode, headers, body } = await request(
    `https://127.0.0.1:${EDGES[edge]}${options.path ?? "/"}`,
    {
      dispatcher: agent,
      method: options.body === undefined ? "GET" : "POST",
      headers: { "x-forwarded-for": "127.0.0.1", ...(options.cookie && { cookie: options.cookie }) },
      ...(options.body !== undefined && { body: options.body }),
    },
  );
  const text = await body.text();
  const mirrored: Mirrored | undefined = statusCode === 200 ? JSON.parse(text) : undefined;
  return { status: statusCode, headers, text, mirrored };
}

/** Requests of visitors without cookies until it is stopped; what became of them, and who answered. */
function load(edge: keyof typeof EDGES, method: "GET" | "POST", connections = 8) {
  return loadOf(site, connections, {
    method,
    path: "/",
    ...(method === "POST" && { body: "a write" }),
    nodeOf: (answer) => {
      const { release, node }: Mirrored = JSON.parse(answer);
      return `${release}/${node}`;
    },
    seconds: 120,
    origin: `https://127.0.0.1:${EDGES[edge]}`,
    verify: false,
  });
}

/** Which node each of the addresses is led to, asked as an edge asks: only it may say who the visitor is. */
async function nodesOf(name: "address" | "pound", addresses: readonly string[]): Promise<string[]> {
  const url = `http://by-${name}:8080/`;
  const script = 'for address in $ADDRESSES; do curl -sf -H "X-Forwarded-For: $address" "$URL"; echo; done';
  const output = await docker(
    ...["exec", "--env", `URL=${url}`, "--env", `ADDRESSES=${addresses.join(" ")}`],
    ...[await site.container(`edge-${name}`), "sh", "-c", script],
  );
  return output.split("\n").map((line) => JSON.parse(line).node);
}

function counts(values: readonly string[]): Record<string, number> {
  return Object.fromEntries(NODES.map((node) => [node, values.filter((value) => value === node).length]));
}

const addresses = (from: number, many: number) =>
  Array.from({ length: many }, (_, at) => `198.51.100.${from + at}`);

describe("balancers before three nodes", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  test.each([
    "cookie",
    "address",
    "pound",
  ] as const)("by %s: the application is told what the edge said, once, and nothing of the balancer shows", async (edge) => {
    const { headers, mirrored } = await ask(edge);
    expect(mirrored?.headers.HOST).toBe(`127.0.0.1:${EDGES[edge]}`);
    expect(mirrored?.headers.X_FORWARDED_FOR).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(mirrored?.headers.X_FORWARDED_FOR).not.toBe("127.0.0.1");
    expect(mirrored?.headers.X_FORWARDED_PROTO).toBe("https");
    expect(Object.keys(mirrored?.headers ?? {}).filter((name) => /SSL|PORT|VIA|REAL/.test(name))).toEqual([]);
    expect(headers.server).toBe("Apache");
    const written = await ask(edge, { body: "x".repeat(300_000) });
    expect(written.mirrored?.received).toBe(300_000);
  });

  test("by cookie: a visitor stays with a node, visitors are spread, and the application never sees the cookie", async () => {
    const seen = new Set<string | undefined>();
    for (let visitor = 0; visitor < 9; visitor += 1) {
      const first = await ask("cookie");
      const set = String(first.headers["set-cookie"]);
      expect(set).toMatch(/^slipway_shop=[123]; path=\/; HttpOnly; Secure; SameSite=Lax$/);
      const cookie = set.split(";")[0] ?? "";
      for (let page = 0; page < 4; page += 1) {
        const next = await ask("cookie", { cookie });
        expect(next.mirrored?.node).toBe(first.mirrored?.node);
        expect(next.mirrored?.headers.COOKIE).toBeUndefined();
        expect(next.headers["set-cookie"]).toBeUndefined();
      }
      seen.add(first.mirrored?.node);
    }
    expect([...seen].sort()).toEqual(NODES);
  });

  test.each([
    "address",
    "pound",
  ] as const)("by address (%s): the weights show in the counts, and an address stays with its node", async (name) => {
    const visitors = addresses(1, 20);
    const first = await nodesOf(name, visitors);
    expect(counts(first)).toEqual({ "shop-1": 10, "shop-2": 5, "shop-3": 5 });
    expect(await nodesOf(name, visitors)).toEqual(first);
  });

  test("HAProxy: a node that is unwell gets no request after one failed probe, and some again when it is well", async () => {
    const node = await site.container("shop-2");
    await docker("exec", node, "touch", "/tmp/unwell");
    await pause(1.5);
    const without = await load("cookie", "GET", 4);
    await pause(1);
    const { nodes, outcomes } = await without();
    expect(Object.keys(outcomes)).toEqual(["200"]);
    expect([...nodes].sort()).toEqual(["first/shop-1", "first/shop-3"]);
    await docker("exec", node, "rm", "/tmp/unwell");
    await pause(1.5);
    const again = await load("cookie", "GET", 4);
    await pause(1);
    expect((await again()).nodes.size).toBe(3);
  });

  test("no read fails while a node is killed under load, and none through Pound that begins afterwards", async () => {
    const stop = await load("cookie", "GET");
    await pause(2);
    const node = await site.container("shop-1");
    await docker("kill", node);
    // These wait for a node whose name vanishes meanwhile.
    const pound = await load("pound", "GET");
    await pause(3);
    const { outcomes, nodes } = await stop();
    expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
    expect(nodes.size).toBe(3);

    await pause(1);
    await docker("start", node);
    await until("the node is healthy", 60, async () => (await site.health("shop-1")) === "healthy");
    await pause(2);
    const { outcomes: early } = await pound();
    expect(Object.keys(early), `Pound: ${JSON.stringify(early)}`).toEqual(["200"]);
  });

  test("HAProxy: another weight keeps the container, loses no request and forgets no visitor", async () => {
    const visitors = addresses(50, 12);
    const before = await nodesOf("address", visitors);
    const container = await site.container("by-address");
    const loads = await Promise.all([load("address", "GET", 4), load("address", "POST", 4)]);
    await pause(1);
    const { code, output } = await site.deploy({ weights: "1 1 8" });
    expect(code, output).toBe(0);
    await pause(1);
    for (const stop of loads) {
      const { outcomes } = await stop();
      expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
    }
    expect(await site.container("by-address")).toBe(container);
    expect(await nodesOf("address", visitors)).toEqual(before);
    expect(counts(await nodesOf("address", addresses(100, 20)))).toEqual({
      "shop-1": 2,
      "shop-2": 2,
      "shop-3": 16,
    });
    expect(await site.pending()).toBe(0);
  });

  test("a release of the application under load loses neither a read nor a write", async () => {
    const loads = await Promise.all([
      load("cookie", "GET", 4),
      load("cookie", "POST", 4),
      load("pound", "GET", 4),
      load("pound", "POST", 4),
    ]);
    await pause(1);
    const { code, output } = await site.deploy({ weights: "1 1 8", release: "second" });
    expect(code, output).toBe(0);
    await pause(3);
    const seen = await Promise.all(loads.map((stop) => stop()));
    for (const { outcomes } of seen) {
      expect(Object.keys(outcomes), JSON.stringify(seen.map(({ outcomes }) => outcomes))).toEqual(["200"]);
    }
    const [byCookie] = seen as [Tally];
    expect([...byCookie.nodes].filter((who) => who.startsWith("second"))).toHaveLength(3);
  });

  test("without nodes visitors get the page that tries again, and then the application", async () => {
    const containers = await Promise.all(NODES.map((node) => site.container(node)));
    await docker("stop", ...containers);
    for (const edge of ["cookie", "pound"] as const) {
      // A node whose last probe was good is asked once more, and its edge has nobody to answer in its place.
      await until("the edge has noticed", 10, async () => (await ask(edge)).status === 503);
      const { status, headers, text } = await ask(edge);
      expect(status).toBe(503);
      expect(text).toContain("Back in a moment");
      if (edge === "cookie") expect(headers["retry-after"]).toBe("5");
    }
    await docker("start", ...containers);
    await site.allHealthy();
    await until("every edge answers", 10, async () => {
      const answers = await Promise.all(
        (Object.keys(EDGES) as (keyof typeof EDGES)[]).map((edge) => ask(edge)),
      );
      return answers.every(({ status }) => status === 200);
    });
  });
});
