import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { written } from "../../../modules/environment/description-file.ts";
import { parseDeclared } from "../../../scripts/verify/declared.ts";
import { described, edge, front } from "../../support/description.ts";
import { synthesizeShipped } from "../../support/shipped.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const target = { hostname: "localhost", address: "127.0.0.1", ports: { http: 8080, https: 8443 } };

test("an edge is written with its name and the ports that the host publishes for it", () => {
  const { edges } = written(described(), new Map());
  expect(edges).toMatchObject([
    { path: "prod/edge", name: "edge", address: "192.0.2.1", ports: { http: 80, https: 443 } },
  ]);
  const hidden = written(described({ workloads: [front({ ports: [] })], edges: [edge()] }), new Map());
  expect(hidden.edges).toMatchObject([{ address: null, ports: { http: null, https: null } }]);
});

test("every stack has its description beside it, and no secret gets in", () => {
  const directory = temporaryFolder();
  const { outdir } = synthesizeShipped({ directory, project: "described" });
  for (const stack of ["dev", "prod"]) {
    const folder = join(outdir, "stacks", stack);
    const text = readFileSync(join(folder, "slipway.json"), "utf8");
    const { edges, apps } = parseDeclared(text, target);
    expect(edges.map(({ name }) => name)).toEqual(["edge"]);
    expect(edges[0]?.routes).toMatchObject([{ app: "guestbook", at: "/" }]);
    expect(apps.map(({ name }) => name)).toEqual(["guestbook"]);
    expect(secretsIn(directory, "described", stack).filter((secret) => text.includes(secret))).toEqual([]);
  }
});

test("what a description does not say is as the target and the modules have it", () => {
  const { edges, apps } = parseDeclared(
    JSON.stringify({
      edges: [
        {
          name: "edge",
          routes: [{ app: "shop", at: "/", sticky: true }],
          address: null,
          ports: { http: null },
        },
      ],
      apps: [{ name: "shop" }],
    }),
    target,
  );
  expect(edges).toEqual([
    {
      ...target,
      name: "edge",
      server: undefined,
      certificate: "files",
      routes: [{ app: "shop", at: "/", sticky: "cookie", adminPaths: [] }],
      admin: "disabled",
      bodyLimit: 16 * 2 ** 20,
      protocols: ["http/1.1", "h2"],
    },
  ]);
  expect(apps).toEqual([
    { name: "shop", kind: undefined, server: undefined, nodes: 1, applications: ["shop"] },
  ]);
});

/** Values that are long enough not to be there by chance. */
function secretsIn(directory: string, project: string, stack: string): string[] {
  const folder = join(directory, project, "secrets", stack);
  const values = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").trim());
  expect(values).not.toEqual([]);
  return values.filter((value) => value.length >= 8);
}

test.each([
  [false, "none"],
  ["nothing", "none"],
  ["none", "none"],
  [true, "cookie"],
  ["cookie", "cookie"],
  ["address", "address"],
])("a route that is sticky by %j is so by %s", (sticky, by) => {
  const json = JSON.stringify({ edges: [{ name: "edge", routes: [{ app: "shop", at: "/", sticky }] }] });
  expect(parseDeclared(json, target).edges[0]?.routes[0]?.sticky).toBe(by);
});
