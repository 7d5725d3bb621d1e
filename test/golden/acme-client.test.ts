import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { App } from "../../modules/app/app.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Lighttpd } from "../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../modules/edge/route.ts";
import type { Workload } from "../../modules/engine/workload.ts";
import { report } from "../../modules/rules/report.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { Hostname } from "../../modules/values/hostname.ts";
import { TestAuthority } from "../support/certificates.ts";
import { hello } from "../support/hello.ts";
import { sandbox, target } from "../support/sandbox.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const authority = new TestAuthority(temporaryFolder()).certificate;
const email = "webmaster@example.org";
const environment = sandbox("production");
const shop = new App(environment, "shop", { source: hello(), nodes: 2 });

/** An edge of lighttpd, and what runs beside it. */
function workloads(id: string, tls: Tls<"self-signed" | "acme">): readonly Workload[] {
  return new Edge(environment, id, {
    server: Lighttpd.fastCgi(),
    target: target({ aliases: [Hostname.of("www.shop.example.org"), Hostname.of("192.0.2.1")] }),
    tls,
    routes: [Route.to(shop)],
  }).workloads();
}

const text = (workload: Workload | undefined, name: string) =>
  workload?.files.find(({ path }) => path === `/etc/slipway/${name}`)?.content ?? "";

const [edge, client, ...others] = workloads(
  "edge",
  Tls.acme({ email, directory: "https://ca.example.org:14000/dir", authority }),
);

test("a client asks for all names of the site that an authority signs for", async () => {
  expect(text(client, "domains.txt")).toBe("shop.example.org www.shop.example.org > site\n");
  expect(text(client, "acme-authority.pem")).toBe(readFileSync(authority, "utf8"));
  await expect(text(client, "dehydrated.conf")).toMatchFileSnapshot("acme-client-dehydrated.conf.golden");
});

test("without an authority of its own the directory is believed as Debian does", () => {
  const [, public_] = workloads("public", Tls.acme({ email }));
  expect(text(public_, "dehydrated.conf")).toContain("CA='https://acme-v02.api.letsencrypt.org/directory'\n");
  expect(text(public_, "dehydrated.conf")).not.toContain("cacert");
  expect(public_?.files).toHaveLength(2);
});

test("the client is beside the edge, publishes nothing, and writes what the edge only reads", () => {
  expect(others).toEqual([]);
  expect(client).toMatchObject({
    user: edge?.user,
    networks: [edge?.networks[0]],
    ports: [],
    secrets: [],
    capabilities: [],
    environment: { SLIPWAY_SITE: "edge:8080" },
  });
  expect(`${client?.name}`).toBe("edge-acme");
  const shared = client?.volumes.slice(1) ?? [];
  expect(shared.map(({ volume }) => volume.name)).toEqual(["edge-certificate", "edge-challenges"]);
  expect(edge?.volumes.filter(({ readOnly }) => readOnly)).toEqual(
    expect.arrayContaining(shared.map((mount) => ({ ...mount, readOnly: true }))),
  );
});

test("the account and what was signed outlive the stack, and no one but the client has them", () => {
  expect(client?.volumes[0]).toMatchObject({ volume: { name: "edge-acme", keep: true } });
  expect(edge?.volumes.map(({ volume }) => volume.name)).not.toContain("edge-acme");
  expect(edge?.volumes[0]).toMatchObject({ volume: { name: "edge-tls", keep: false } });
});

test("the edge answers the authority at plain http, and leads everything else to https", () => {
  const script = text(edge, "request.lua");
  const branch = script.slice(script.indexOf('"request.server-port"] == "8080"'));
  expect(branch.indexOf("acme%-challenge")).toBeGreaterThan(0);
  expect(branch.indexOf("acme%-challenge")).toBeLessThan(branch.indexOf("return 308"));
  // Key and chain change together.
  const conf = text(edge, "lighttpd.conf");
  expect(conf).toContain('ssl.pemfile = "/run/slipway/site.pem"\nssl.privkey = "/run/slipway/site.pem"\n');
});

test("without an authority there is no client, and nothing for one", () => {
  const [alone, ...nobody] = workloads("alone", Tls.selfSigned());
  expect(nobody).toEqual([]);
  expect(text(alone, "request.lua")).not.toContain("acme");
  expect(alone?.volumes.map(({ volume }) => volume.name)).not.toContain("alone-challenges");
});

test("the rules look at the edge as at any other, and have nothing against its client", () => {
  const rules = (path: string) =>
    report(environment.describe(), [])
      .filter((problem) => problem.startsWith(`${path}: `))
      .map((problem) => /\(rule (.*)\)/.exec(problem)?.[1]);
  expect(rules("sandbox/edge")).toEqual([]);
  // For an authority that anybody can ask, there is an address among the names, and no port 80.
  expect(rules("sandbox/public")).toContain("acme-reaches-the-site");
});
