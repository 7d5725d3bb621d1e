import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, run, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

const PORTS = { http: 18120, https: 18470 };
const site = new Site(`${PROJECT_PREFIX}-servers`, PORTS, "test/e2e/stacks/servers.ts", "servers");

/** How each is reached, and what it is. */
const APPS = [
  { node: "gunicorn", port: 0, at: "/gunicorn", multiprocess: false },
  { node: "gunicorn-processes", port: 0, at: "/gunicorn-processes", multiprocess: true },
  { node: "mod-wsgi", port: 0, at: "/mod-wsgi", multiprocess: false },
  { node: "mod-wsgi-processes", port: 0, at: "/mod-wsgi-processes", multiprocess: true },
  { node: "inside-edge", port: 1, at: "", multiprocess: false },
  { node: "deep-edge", port: 2, at: "/deep", multiprocess: true },
] as const;

const address = ({ port, at }: { port: number; at: string }, path: string) =>
  `https://127.0.0.1:${PORTS.https + port}${at}${path}`;

/** Body and status, as the path stands: clients with manners would tidy it up. */
async function get(url: string, ...options: string[]): Promise<{ body: string; status: number }> {
  const { output } = await run("curl", [
    ..."--silent --insecure --path-as-is --max-time 30 --write-out \n%{http_code}".split(" "),
    ...options,
    url,
  ]);
  const end = output.lastIndexOf("\n");
  return { body: output.slice(0, end), status: Number(output.slice(end + 1)) };
}

const facts = async (url: string, ...options: string[]) => JSON.parse((await get(url, ...options)).body);

describe("application servers", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  test.each(APPS)("$node tells the application who asks for what", async (app) => {
    const forged = ["X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "SCRIPT_NAME: /x"];
    const told = await facts(
      address(app, "/a%20b/c?q=1&r=%C3%A4"),
      ...forged.flatMap((header) => ["--header", header]),
      ..."--user a:b --data body".split(" "),
    );
    expect(told).toMatchObject({
      REQUEST_METHOD: "POST",
      SCRIPT_NAME: "",
      PATH_INFO: `${app.at}/a b/c`,
      QUERY_STRING: "q=1&r=%C3%A4",
      HTTP_HOST: `127.0.0.1:${PORTS.https + app.port}`,
      HTTP_AUTHORIZATION: "Basic YTpi",
      scheme: "https",
      multiprocess: app.multiprocess,
      multithread: !app.multiprocess,
      body: "body",
      folder: "/srv/app",
      home: "/var/lib/app",
    });
    expect(told.REMOTE_ADDR).toBe(told.forwarded);
    expect(told.REMOTE_ADDR).not.toBe("127.0.0.1");
  });

  test.each(APPS)("$node hands on an error page of the application's own", async (app) => {
    const { status, body } = await get(address(app, "/x?status=500%20Oops"));
    expect(status).toBe(500);
    expect(body).toContain('"PATH_INFO"');
  });

  test.each(APPS)("$node shows no file but the static ones", async (app) => {
    expect((await get(address(app, "/static/plain.txt"))).body).toBe("a static file\n");
    for (const path of [
      "/static/../facts.py",
      "/static/%2e%2e/facts.py",
      "/static/..%2ffacts.py",
      "/static//../../app/facts.py",
      "/static/plain.txt/../../facts.py",
      "/static/_1.2.3/../../../app/facts.py",
      "/static/%252e%252e/facts.py",
      "/static/..%5cfacts.py",
      "/static/.ht",
      "/static/",
      "/../../../../etc/passwd",
      "/opt/slipway/slipway_node/behind_edge.py/../../../../etc/slipway/httpd.conf",
    ]) {
      const { status, body } = await get(address(app, path));
      // What is left of a path after the dots may be the application's, which then says so itself.
      if (status === 200) expect(JSON.parse(body), path).toHaveProperty("PATH_INFO");
      else expect([400, 403, 404], path).toContain(status);
      expect(body, path).not.toMatch(/import json|LoadModule|root:x/);
    }
  });

  test("ps shows the daemons of mod_wsgi by the name of the application", async () => {
    for (const [node, name, count] of [
      ["mod-wsgi", "mod-wsgi", 1],
      ["mod-wsgi-processes", "mod-wsgi-processes", 5],
      ["inside-edge", "inside", 1],
      ["deep-edge", "deep", 5],
    ] as const) {
      const listed = await docker("top", await site.container(node), "-eo", "pid,args");
      expect(listed.split(`(wsgi:${name})`).length - 1, node).toBe(count);
    }
  });

  test("a process is replaced after its requests, and none of them fails", async () => {
    const { output } = await run("sh", [
      "-c",
      `seq 3000 | xargs -P 8 -n 100 sh -c 'for i in "$@"; do echo ${address({ port: 0, at: "/mod-wsgi-processes" }, "/x")}; done | xargs curl -sk -w " %{http_code}\\n"' _`,
    ]);
    const statuses = new Set([...output.matchAll(/ (\d{3})$/gm)].map(([, status]) => status));
    expect([...statuses]).toEqual(["200"]);
    expect(new Set([...output.matchAll(/"pid": (\d+)/g)].map(([, pid]) => pid)).size).toBeGreaterThan(5);
  });

  test.each([
    "gunicorn",
    "mod-wsgi",
    "inside-edge",
  ])("%s answers a slow request before it stops", async (node) => {
    const app = APPS.find((one) => one.node === node);
    if (app === undefined) throw new Error(node);
    const answer = get(address(app, "/slow?sleep=5"));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const stopped = docker("stop", await site.container(node));
    expect((await answer).status).toBe(200);
    await stopped;
    await deployed(site);
  });

  test("static files are served while the application is stopped, and its pages are not", async () => {
    const app = APPS[4];
    const container = await site.container(app.node);
    await docker("exec", container, "rm", "/run/slipway/prepared");
    await docker("exec", container, "pkill", "-KILL", "-f", "^.wsgi:");
    expect((await get(address(app, "/static/plain.txt"))).status).toBe(200);
    const { status, body } = await get(address(app, "/x"));
    expect(status).toBe(503);
    expect(body).toContain("Back in a moment");
    await docker("exec", container, "touch", "/run/slipway/prepared");
    expect((await get(address(app, "/x"))).status).toBe(200);
  });

  test("a daemon that is killed in the middle of a request is asked again", async () => {
    const app = APPS[4];
    const answer = get(address(app, "/slow?sleep=2"));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await docker("exec", await site.container(app.node), "pkill", "-KILL", "-f", "^.wsgi:");
    const { status, body } = await answer;
    expect(status).toBe(200);
    const told = JSON.parse(body);
    expect(told.REMOTE_ADDR).not.toBe("127.0.0.1");
    expect(told.scheme).toBe("https");
  });

  test("an edge with an application in it takes a new configuration over, and reads lose nothing", async () => {
    const app = APPS[4];
    const container = await site.container(app.node);
    const before = await docker("inspect", "--format", "{{.Id}}", container);
    const load = run("sh", [
      "-c",
      `seq 8 | xargs -P 8 -n 1 sh -c 'end=$(($(date +%s) + 15)); while [ $(date +%s) -lt $end ]; do curl -sk -o /dev/null -w "%{http_code}\\n" ${address(app, "/x")}; done' _`,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const timeout of ["50 seconds", "60 seconds"]) {
      const { code, output } = await site.deploy({ timeout });
      expect(code, output).toBe(0);
    }
    const counts = new Set((await load).output.trim().split("\n"));
    expect([...counts]).toEqual(["200"]);
    expect(await docker("inspect", "--format", "{{.Id}}", container)).toBe(before);
  });

  test.each(["/etc/slipway/httpd.conf", "/srv/app/facts.py"])("an edited file heals: %s", async (file) => {
    const container = await site.container("deep-edge");
    await docker("exec", "--user", "0", container, "sh", "-c", `echo '# edited' >> ${file}`);
    await until("it is unhealthy", 30, async () => (await site.health("deep-edge")) === "unhealthy");
    await deployed(site);
    expect(await docker("exec", await site.container("deep-edge"), "cat", file)).not.toContain("# edited");
  });

  test("a release is healthy before the one before stops", async () => {
    let running = true;
    const seen = ["gunicorn", "mod-wsgi"].map(async (node) => {
      const statuses = new Set<number>();
      while (running) statuses.add((await get(address({ port: 0, at: `/${node}` }, "/x"))).status);
      return [...statuses];
    });
    const { code, output } = await site.deploy({ release: "second" });
    running = false;
    expect(code, output).toBe(0);
    expect(await Promise.all(seen)).toEqual([[200], [200]]);
    for (const app of APPS) expect((await facts(address(app, "/x"))).release).toBe("second");
  });
});
