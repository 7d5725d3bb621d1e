import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, run, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { certificate, Visitor } from "./visitor.ts";

const site = new Site(
  `${PROJECT_PREFIX}-hello`,
  { http: 18084, https: 18447 },
  "test/e2e/stacks/hello.ts",
  "hello",
);

describe("plain WSGI applications", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  test("each answers at its own path, and is told the whole path, the scheme and the visitor", async () => {
    const visitor = await Visitor.to(site);
    expect((await visitor.get("/")).body).toMatch(/hello-[12]/);
    const [greeting, script, path, scheme, address, forwarded] = (
      await visitor.get("/hello/where")
    ).body.split("\n");
    expect({ greeting, script, path, scheme }).toEqual({
      greeting: "${this} is no %{interpolation}",
      script: "",
      path: "/hello/where",
      scheme: "https",
    });
    expect(address).toBe(forwarded);
  });

  test("a link among the static files leads nowhere: an application cannot read the key of the edge through it", async () => {
    const node = await site.container("hello-1");
    await docker("exec", node, "mkdir", "-p", "/srv/static/static");
    await docker("exec", node, "ln", "-sf", "/var/lib/slipway/tls/key.pem", "/srv/static/static/key.txt");
    await docker("exec", node, "sh", "-c", "echo plain > /srv/static/static/plain.txt");
    const visitor = await Visitor.to(site);
    expect((await visitor.get("/static/plain.txt")).status).toBe(200);
    expect((await visitor.get("/static/key.txt")).status).toBe(403);
  });

  test("a forged address is replaced", async () => {
    const { output } = await run("curl", [
      ..."--silent --insecure --header X-Forwarded-For:127.0.0.1".split(" "),
      `${site.https}/hello/where`,
    ]);
    expect(output.split("\n").at(-1)).not.toContain("127.0.0.1");
  });

  test("a sticky route leads a visitor to the same node, and different visitors to both", async () => {
    const seen = new Set<string>();
    for (let visit = 0; visit < 12; visit += 1) {
      const visitor = await Visitor.to(site);
      const nodes = new Set<string | undefined>();
      for (let page = 0; page < 4; page += 1)
        nodes.add(/hello-[12]/.exec((await visitor.get("/")).body)?.[0]);
      expect(nodes.size).toBe(1);
      seen.add([...nodes].join());
    }
    expect([...seen].sort()).toEqual(["hello-1", "hello-2"]);
  });

  test("the certificate is made once: a new edge has the same", async () => {
    const before = await certificate(site);
    await docker("rm", "--force", await site.container("edge"));
    await deployed(site);
    expect(await certificate(site)).toBe(before);
  });

  test("what was changed by hand is drift; the next deployment does about it what was said", async () => {
    const drift = () => site.verb("drift", ["hello", "--json"]);
    const before = await drift();
    expect(before.code, before.output).toBe(0);
    const shell = ["exec", "--user", "root", await site.container("edge"), "sh", "-c"];
    await docker(...shell, "echo '# by hand' >> /etc/slipway/httpd.conf");
    await docker("update", "--memory=300m", "--memory-swap=300m", await site.container("hello-1"));
    await until("the edge misses its file", 30, async () => (await site.health("edge")) === "unhealthy");
    const { code, output } = await drift();
    expect(code, output).toBe(2);
    const { items } = JSON.parse(output.slice(output.indexOf("{")));
    expect(items.map(({ name, field }: { name: string; field: string }) => `${name}: ${field}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/-edge: file \/etc\/slipway\/httpd\.conf$/),
        expect.stringMatching(/-hello-1-\w+: memory$/),
      ]),
    );
    expect(output).toContain("the next deploy replaces it");
    await deployed(site);
    const after = await drift();
    expect(after.code, after.output).toBe(0);
  });

  test("without nodes a visitor gets a page that tries again, and then the site", async () => {
    const visitor = await Visitor.to(site);
    const names = ["hello-1", "hello-2"];
    for (const name of names) await docker("stop", await site.container(name));
    // Until the first probe has failed, the error is still that of the connection.
    await until("the edge knows", 10, async () => (await visitor.get("/")).status === 503);
    const { headers, body } = await visitor.get("/");
    expect(headers["retry-after"]).toBe("5");
    expect(body).toContain("Back in a moment");
    await deployed(site);
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect((await visitor.get("/")).status).toBe(200);
  });
});
