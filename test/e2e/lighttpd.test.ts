import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { type LoadOptions, load as loadOf } from "./load.ts";
import { docker, run, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

const PORTS = { http: 18110, https: 18460 };
const site = new Site(`${PROJECT_PREFIX}-lighttpd`, PORTS, "test/e2e/stacks/lighttpd.ts", "lighttpd");
/** In the order of the stack. */
const EDGES = ["edge", "tcp", "proxy"].map((name, index) => ({
  name,
  http: `http://127.0.0.1:${PORTS.http + index}`,
  https: `https://127.0.0.1:${PORTS.https + index}`,
}));

/** The certificates are their own, and not what is looked at here. */
const agent = new Agent({ connect: { rejectUnauthorized: false }, allowH2: false });

async function ask(url: string, headers: Record<string, string> = {}) {
  const { statusCode: status, headers: answered, body } = await request(url, { dispatcher: agent, headers });
  return { status, headers: answered, body: await body.text() };
}

/** Reads until it is stopped. */
function load(origin: string, options: LoadOptions & { readonly connections?: number } = {}) {
  const { connections = 4, ...others } = options;
  const nodeOf = (answer: string) => /hello-[12]/.exec(answer)?.[0] ?? "nobody";
  return loadOf(site, connections, { path: "/", nodeOf, origin, verify: false, ...others });
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Takes the place of a node at its socket, and ends every connection when it has read something. */
const HANGING_UP = `
import os, socket
path = "/run/slipway/sockets/" + os.environ["SLIPWAY_NODE"] + ".fastcgi"
os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
os.chmod(path, 0o777)
listener.listen(128)
while True:
    connection, _ = listener.accept()
    connection.recv(65536)
    connection.close()
`;

describe("lighttpd", () => {
  beforeAll(() => deployed(site));
  afterAll(async () => {
    await agent.close();
    await site.remove();
  });

  describe.each(EDGES)("as $name", ({ name, http, https }) => {
    test("tells an application the whole path, the scheme and the visitor, whatever the visitor claims", async () => {
      const claims = {
        "X-Forwarded-For": "127.0.0.1",
        X_Forwarded_For: "127.0.0.1",
        Forwarded: "for=127.0.0.1",
      };
      for (const headers of [{}, claims]) {
        const [greeting, script, path, scheme, address, forwarded] = (
          await ask(`${https}/hello/where`, headers)
        ).body.split("\n");
        expect({ greeting, script, path, scheme }).toEqual({
          greeting: "hello",
          script: "",
          path: "/hello/where",
          scheme: "https",
        });
        expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
        expect(address).not.toBe("127.0.0.1");
        expect(forwarded).toBe(address);
      }
    });

    test("leads plain http to https, and knows its own names only", async () => {
      const { status, headers } = await ask(`${http}/a/b%20c?d=e%2Ff`);
      expect({ status, location: headers.location }).toEqual({
        status: 308,
        location: `${https}/a/b%20c?d=e%2Ff`,
      });
      for (const url of [http, https]) expect((await ask(url, { host: "evil.example" })).status).toBe(421);
    });

    test("serves static files by itself, and nothing through a link among them", async () => {
      const node = await site.container("hello-1");
      const folder = "/srv/static/static";
      await docker("exec", node, "sh", "-c", `mkdir -p ${folder} && echo body{} > ${folder}/${name}.css`);
      await docker("exec", node, "ln", "-sf", "/var/lib/slipway/tls/key.pem", `${folder}/${name}.txt`);
      const plain = await ask(`${https}/static/${name}.css`);
      expect(plain.headers).toMatchObject({
        "content-type": expect.stringContaining("text/css"),
        "cache-control": "public, max-age=3600",
        "x-content-type-options": "nosniff",
        server: "lighttpd",
      });
      const versioned = await ask(`${https}/static/_1.2.3/${name}.css`);
      expect(versioned.body).toBe(plain.body);
      expect(versioned.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect((await ask(`${https}/static/${name}.txt`)).status).toBe(403);
      expect((await ask(`${https}/static/`)).status).toBeGreaterThanOrEqual(400);
      const part = await ask(`${https}/static/${name}.css`, { range: "bytes=0-3" });
      expect([part.status, part.body]).toEqual([206, "body"]);
    });

    test("leads to both nodes in turn, and logs which one it was", async () => {
      const seen = new Set<string | undefined>();
      for (let page = 0; page < 6; page += 1) seen.add(/hello-[12]/.exec((await ask(`${https}/`)).body)?.[0]);
      expect([...seen].sort()).toEqual(["hello-1", "hello-2"]);
      const log = async () => docker("logs", "--tail", "50", await site.container(name));
      // It is written every four seconds.
      await until("the log has the requests", 10, async () => /GET \/ HTTP.* hello-2$/m.test(await log()));
      expect(await log()).not.toContain("/.slipway/health");
    });

    test("leads a visitor by address to the same node", async () => {
      for (let page = 0; page < 6; page += 1) await ask(`${https}/hello`);
      const log = async () => docker("logs", "--tail", "100", await site.container(name));
      await until("the log has the requests", 10, async () => /GET \/hello HTTP/.test(await log()));
      const nodes = new Set(
        [...(await log()).matchAll(/GET \/hello HTTP.* (greeter-\d)$/gm)].map(([, node]) => node),
      );
      expect(nodes.size).toBe(1);
    });

    test("is reconfigured twenty times under load without losing a request", async () => {
      const edge = await site.container(name);
      const stop = await load(https);
      for (let time = 0; time < 20; time += 1) await docker("exec", edge, "reload");
      const { outcomes } = await stop();
      expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
      expect(outcomes[200]).toBeGreaterThan(50);
    });

    test("loses no read when a node is killed, and asks it again when it is back", async () => {
      const node = await site.container("hello-2");
      const stop = await load(https);
      await pause(1);
      await docker("kill", node);
      await pause(4);
      expect(Object.keys((await stop()).outcomes)).toEqual(["200"]);
      await docker("start", node);
      await until("the node is healthy", 60, async () => (await site.health("hello-2")) === "healthy");
      await until("it is asked again", 10, async () => (await ask(`${https}/`)).body.includes("hello-2"));
    });

    test("keeps visitors away while there is maintenance", async () => {
      const edge = await site.container(name);
      await docker("exec", edge, "touch", "/run/slipway/maintenance");
      await until("the page is there", 5, async () => (await ask(`${https}/`)).status === 503);
      expect((await ask(`${https}/.slipway/health`)).status).toBe(200);
      expect((await ask(`${https}/`)).headers["retry-after"]).toBe("5");
      await docker("exec", edge, "rm", "/run/slipway/maintenance");
      await until("the site is back", 5, async () => (await ask(`${https}/`)).status === 200);
    });
  });

  test("a setting that lighttpd does not know is refused", async () => {
    const edge = await site.container("edge");
    const broken = 'cp /etc/slipway/lighttpd.conf /tmp/broken && echo "server.nonsense = 1" >> /tmp/broken';
    await docker("exec", edge, "sh", "-c", broken);
    const { code, output } = await run("docker", ["exec", edge, "check", "/tmp/broken"]);
    expect(code).not.toBe(0);
    expect(output).toContain("server.nonsense");
  });

  test("visitors that wait while the machine stands still are not cut as slow ones", async () => {
    const [{ name, https }] = EDGES as [(typeof EDGES)[0]];
    const edge = await site.container(name);
    const loads = await Promise.all([load(https), load(https, { keepAlive: true })]);
    await pause(1);
    await docker("pause", edge);
    // Longer than the 15 seconds that a header may take.
    await pause(18);
    await docker("unpause", edge);
    await pause(3);
    for (const stop of loads) expect(Object.keys((await stop()).outcomes)).toEqual(["200"]);
  });

  test("a node that hangs up on whoever asks costs no read: another one is asked", async () => {
    const [{ name, https }] = EDGES as [(typeof EDGES)[0]];
    const node = await site.container("hello-2");
    await docker("exec", "--detach", node, "python3", "-c", HANGING_UP);
    await pause(1);
    const stop = await load(https, { connections: 8 });
    await pause(3);
    const { outcomes, nodes } = await stop();
    expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
    expect(outcomes[200]).toBeGreaterThan(50);
    expect([...nodes]).toEqual(["hello-1"]);
    expect(await docker("logs", "--tail", "200", await site.container(name))).toContain(
      "response not received",
    );
    await docker("restart", node);
    await until("the node is healthy", 60, async () => (await site.health("hello-2")) === "healthy");
  });

  test("without nodes a visitor gets a page that tries again, and then the site", async () => {
    for (const node of ["hello-1", "hello-2"]) await docker("stop", await site.container(node));
    for (const { https } of EDGES) {
      await until("the edge knows", 10, async () => (await ask(`${https}/`)).status === 503);
      const { headers, body } = await ask(`${https}/`);
      expect(headers["retry-after"]).toBe("5");
      expect(body).toContain("Back in a moment");
    }
    // Nodes that are new have other addresses.
    await deployed(site);
    for (const { https } of EDGES)
      await until("the site is back", 10, async () => (await ask(`${https}/`)).status === 200);
  });
});
