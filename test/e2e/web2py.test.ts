import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { Visitor } from "./visitor.ts";

/** An installation of web2py, whose `welcome` the applications of the test are made from: the real thing is not ours to ship. */
const { WEB2PY_SOURCE } = process.env;

const site = new Site(
  `${PROJECT_PREFIX}-web2py`,
  { http: 18090, https: 18453 },
  "test/e2e/stacks/web2py.ts",
  "web2py",
);

/** The answers of both nodes, which take turns. */
async function fromBothNodes(visitor: Visitor, path: string): Promise<string[]> {
  const bodies = [];
  for (let time = 0; time < 4; time += 1) {
    const { status, body } = await visitor.get(path);
    expect(status, body).toBe(200);
    bodies.push(body);
  }
  return bodies;
}

describe.skipIf(WEB2PY_SOURCE === undefined)("web2py", () => {
  const applications = temporaryFolder();
  /** An upload of the time when those were files. */
  let old = "";

  /** Brings the site to these applications, with sessions in files, rows or items of memcached. */
  async function deploy(kept: "files" | "rows" | "items", ...names: readonly string[]): Promise<Visitor> {
    Object.assign(process.env, {
      WEB2PY_APPLICATIONS: applications,
      WEB2PY_NAMES: names.join(" "),
      WEB2PY_KEPT: kept,
    });
    await deployed(site);
    return Visitor.to(site);
  }

  beforeAll(async () => {
    const shop = join(applications, "shop");
    cpSync(join(WEB2PY_SOURCE ?? "", "applications/welcome"), shop, { recursive: true });
    cpSync(join(import.meta.dirname, "apps/web2py/thing.py"), join(shop, "models/thing.py"));
    cpSync(join(import.meta.dirname, "apps/web2py/probe.py"), join(shop, "controllers/probe.py"));
    await deploy("files", "shop");
  });
  afterAll(() => site.remove());

  test("the settings reach an application that nobody changed", async () => {
    const visitor = await Visitor.to(site);
    expect(JSON.parse((await visitor.get("/probe/settings")).body)).toEqual({
      database: "postgres",
      migrates: false,
      sessions: "file",
      local: false,
      static: "/static/css/bootstrap.min.css",
    });
    expect((await visitor.get("/")).body).toContain("Welcome");
  });

  test("both nodes know a visitor, the rows, an upload, and what one of them has cached or counted", async () => {
    const visitor = await Visitor.to(site);
    expect((await visitor.get("/probe/remember?name=ann")).headers["set-cookie"]).toMatch(/Secure/i);
    expect([...new Set(await fromBothNodes(visitor, "/probe/known"))].sort()).toEqual([
      "ann shop-1",
      "ann shop-2",
    ]);
    expect(new Set(await fromBothNodes(visitor, "/probe/cached")).size).toBe(1);
    const counts = (await fromBothNodes(visitor, "/probe/counted")).map(Number);
    expect(counts).toEqual([0, 1, 2, 3].map((more) => (counts[0] ?? 0) + more));
    await visitor.get("/probe/add?name=one");
    expect(new Set(await fromBothNodes(visitor, "/probe/names"))).toEqual(new Set(['["one"]']));
    const { body: name } = await visitor.get("/probe/upload");
    expect(new Set(await fromBothNodes(visitor, `/probe/download/${name}`))).toEqual(
      new Set(["content of a file"]),
    );
  });

  test.each([
    "/appadmin",
    "/shop/appadmin/index",
    "/admin",
    "/welcome",
    "/examples",
    "/shop/static/../models/db.py",
  ])("%s is not there", async (path) => {
    expect((await (await Visitor.to(site)).get(path)).status).toBe(404);
  });

  test("an error becomes a ticket on the shared folder, told to the log and not to the visitor", async () => {
    const { status, body } = await (await Visitor.to(site)).get("/probe/fail");
    expect(status).toBe(500);
    expect(body).not.toContain("ZeroDivisionError");
    const ticket = /Ticket issued: shop\/([\w.-]+)/.exec(body)?.[1] ?? "none";
    const nodes = await Promise.all(["shop-1", "shop-2"].map((node) => site.container(node)));
    for (const node of nodes)
      expect(await docker("exec", node, "ls", "/srv/shared/errors/shop")).toContain(ticket);
    const logs = await Promise.all(nodes.map((node) => docker("logs", node)));
    expect(logs.join("\n")).toContain("ZeroDivisionError");
  });

  test("a compiled application joins, with tables and sessions of its own; the first keeps its rows", async () => {
    const node = await site.container("shop-1");
    const compile =
      "import sys; sys.path[:0] = ['/srv/app']; from gluon.compileapp import compile_application as c";
    await docker("exec", node, "cp", "-rL", "/srv/app/applications/shop", "/tmp/blog");
    await docker("exec", node, "/srv/venv/bin/python", "-c", `${compile}; c('/tmp/blog')`);
    await docker("cp", `${node}:/tmp/blog`, join(applications, "blog"));
    for (const folder of ["controllers", "models", "views"])
      rmSync(join(applications, "blog", folder), { recursive: true });

    const visitor = await deploy("rows", "shop", "blog");
    expect(JSON.parse((await visitor.get("/probe/names")).body)).toEqual(["one"]);
    expect(JSON.parse((await visitor.get("/blog/probe/names")).body)).toEqual([]);
    expect(JSON.parse((await visitor.get("/blog/probe/settings")).body)).toMatchObject({
      database: "postgres",
      sessions: "db",
      static: "/blog/static/css/bootstrap.min.css",
    });
    await visitor.get("/blog/probe/remember?name=bob");
    expect([...new Set(await fromBothNodes(visitor, "/blog/probe/known"))].sort()).toEqual([
      "bob shop-1",
      "bob shop-2",
    ]);
    expect((await visitor.get("/blog/appadmin")).status).toBe(404);
    for (const path of ["/static", "/shop/static", "/blog/static"])
      expect((await visitor.get(`${path}/css/bootstrap.min.css`)).headers["content-type"]).toBe("text/css");
  });

  test("a page that forgets its session makes no row of it", async () => {
    const rows = async () => Number((await (await Visitor.to(site)).get("/blog/probe/forgets")).body);
    const before = await rows();
    expect(before).toBeGreaterThan(0);
    await rows();
    expect(await rows()).toBe(before);
  });

  test("uploads are copied into rows before the folder goes", async () => {
    const attached = new Blob(["content of a file"]);
    const fields = { name: "old", attached };
    old = (await (await Visitor.to(site)).submit("/probe/form", "thing/create", fields)).body;
    const copy = "from slipway_node import web2py_uploads; web2py_uploads.copy()";
    const node = await site.container("shop-2");
    const copied = () => docker("exec", node, "/srv/venv/bin/python", "-c", copy);
    expect(await copied()).toContain("shop: 1 uploads copied into the database, 0 not found");
    expect(await copied(), "again").toContain("shop: 0 uploads copied");
  });

  test("sessions in memcached and uploads in rows need no change of an application, and no folder", async () => {
    const visitor = await deploy("items", "shop", "blog");
    expect(JSON.parse((await visitor.get("/probe/settings")).body)).toMatchObject({ sessions: "db" });
    await visitor.get("/probe/remember?name=eve");
    expect([...new Set(await fromBothNodes(visitor, "/probe/known"))].sort()).toEqual([
      "eve shop-1",
      "eve shop-2",
    ]);
    await visitor.get("/probe/forgets_what?name=mallory");
    expect((await visitor.get("/probe/known")).body).toMatch(/^eve /);
    // Recipes 18 and 19 as the book has them, by a visitor who comes back.
    const recipe = await fromBothNodes(visitor, "/probe/recipe");
    expect(recipe.map((body) => body.split(" ")[0])).toEqual(["1", "2", "3", "4"]);
    expect(new Set(recipe.map((body) => body.split(" ")[1])).size).toBe(1);
    await visitor.get("/probe/renew?name=eva");
    expect((await visitor.get("/probe/known")).body).toMatch(/^eva /);
    expect((await visitor.get("/probe/clear")).status).toBe(200);
    expect((await visitor.get("/probe/known")).body).toMatch(/^None /);

    const attached = new Blob(["content of a row"]);
    const sent = await visitor.submit("/probe/form", "thing/create", { name: "two", attached });
    expect(sent.status, sent.body).toBe(200);
    const name = sent.body;
    expect(new Set(await fromBothNodes(visitor, `/probe/download/${name}`))).toEqual(
      new Set(["content of a row"]),
    );
    expect(new Set(await fromBothNodes(visitor, `/probe/download/${old}`))).toEqual(
      new Set(["content of a file"]),
    );
    const node = await site.container("shop-1");
    expect(await docker("exec", node, "ls", "/srv/shared/uploads")).not.toContain(name);
    expect(name).toMatch(/^thing\.attached\./);
    expect(await docker("exec", node, "ls", "/srv/shared")).toContain("sessions");
  });

  test("a cache that is away costs visitors their sessions, and no page", async () => {
    const visitor = await Visitor.to(site);
    await visitor.get("/probe/remember?name=ida");
    const cache = await site.container("cache");
    await docker("stop", cache);
    for (const body of await fromBothNodes(visitor, "/probe/known")) expect(body).toMatch(/^None /);
    expect((await visitor.get("/probe/cached")).status).toBe(200);
    expect((await visitor.get("/probe/counted")).status).toBe(200);
    await docker("start", cache);
    await site.allHealthy();
  });
});
