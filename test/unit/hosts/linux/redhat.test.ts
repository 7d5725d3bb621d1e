import { beforeAll, expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Server } from "../../../../modules/app/server/server.ts";
import { Docker } from "../../../../modules/engine/docker.ts";
import { Environment } from "../../../../modules/environment/environment.ts";
import type { ExportTarget } from "../../../../modules/hosts/export/export-target.ts";
import type { ExportedStack } from "../../../../modules/hosts/export/exported-stack.ts";
import { machinesOf } from "../../../../modules/hosts/export/machine.ts";
import { debianTarget, redhatTarget } from "../../../../modules/hosts/linux/linux.ts";
import { Memcached } from "../../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../../modules/postgres/postgres.ts";
import { exported } from "../../../support/exported.ts";
import { textOf } from "../../../support/exported-files.ts";
import { hello } from "../../../support/hello.ts";

let stack: ExportedStack;
beforeAll(async () => {
  stack = await exported("shop", (scope) => {
    const environment = new Environment(scope, "shop", { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(environment, "db", { memory: "512 MiB" });
    const cache = new Memcached(environment, "cache", { memory: "64 MiB", instances: 2 });
    const app = new App(environment, "app", { source: hello(), server: Server.modWsgi() });
    app.uses(db);
    app.uses(cache);
  });
});

function textFor(target: ExportTarget, path: string, ...machines: readonly string[]): string {
  const workloads = new Map(stack.description.workloads.map(({ name, nodes }) => [name, nodes]));
  return textOf(target.files(stack, machinesOf(machines, workloads)), path);
}

test("the plan has the ports of a confined program that its policy does not know", () => {
  expect(textFor(redhatTarget, "localhost/plan").match(/^selinux .*$/gm)).toEqual([
    "selinux memcache_port_t 11221 cache-2",
  ]);
  expect(textFor(debianTarget, "localhost/plan")).not.toContain("selinux");
  const apart = ["a=10.0.0.1:db,cache-1", "b=10.0.0.2:app,cache-2"];
  expect(textFor(redhatTarget, "b/plan", ...apart)).not.toContain("selinux");
});

test("each machine is told the repositories that it needs, before anything is installed", () => {
  const readme = textFor(redhatTarget, "README.md", "data=10.0.0.1:db,cache", "node=10.0.0.2:app");
  const [, first = "", second = ""] = readme.split(/^\d\. /m);
  expect(first).toMatch(/^On each machine that is named, as root: add the repositories/);
  expect(first).toContain("   # CodeReady Linux Builder, on node\n   subscription-manager repos --enable ");
  expect(first).toContain("   # PGDG, on data\n   dnf install --assumeyes https://download.postgresql.org/");
  expect(first).not.toContain("EPEL");
  expect(second).toMatch(/^Copy each folder/);
  expect(textFor(debianTarget, "README.md")).toContain("## Steps\n\n1. Copy the folder");
});
