import { beforeAll, expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Edge } from "../../../../modules/edge/edge.ts";
import { Lighttpd } from "../../../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../../../modules/edge/route.ts";
import { Docker } from "../../../../modules/engine/docker.ts";
import { Environment } from "../../../../modules/environment/environment.ts";
import type { ExportedFile } from "../../../../modules/hosts/export/exported-file.ts";
import type { ExportedStack } from "../../../../modules/hosts/export/exported-stack.ts";
import { type Machine, oneMachine } from "../../../../modules/hosts/export/machine.ts";
import { debianTarget, redhatTarget } from "../../../../modules/hosts/linux/linux.ts";
import { Tls } from "../../../../modules/tls/tls.ts";
import { InvalidValue } from "../../../../modules/values/invalid-value.ts";
import { Port } from "../../../../modules/values/port.ts";
import { exported } from "../../../support/exported.ts";
import { hello } from "../../../support/hello.ts";
import { target } from "../../../support/sandbox.ts";

const LONG = "an-application-with-a-rather-long-name";
let stack: ExportedStack;
let files: readonly ExportedFile[];

beforeAll(async () => {
  stack = await shop("shop");
  files = debianTarget.files(stack, everythingOn(stack));
}, 60_000);

/** An edge over Unix sockets and another one by HTTP, of the same application. */
function shop(application: string): Promise<ExportedStack> {
  return exported("light", (scope) => {
    const environment = new Environment(scope, "light", {
      engine: Docker.local(),
      purpose: "development",
      waivers: [{ rule: "development-on-loopback", reason: "nothing of this test ever runs" }],
    });
    const app = new App(environment, application, { source: hello(), nodes: 2 });
    const routes = [Route.to(app)];
    new Edge(environment, "edge", {
      server: Lighttpd.fastCgi(),
      target: target({ address: "0.0.0.0" }),
      tls: Tls.selfSigned(),
      routes,
    });
    new Edge(environment, "proxy", {
      server: Lighttpd.proxy(),
      target: target({ address: "127.0.0.1", ports: { http: Port.of(80), https: Port.of(443) } }),
      tls: Tls.selfSigned(),
      routes,
    });
  });
}

function everythingOn({ description }: ExportedStack): readonly Machine[] {
  return oneMachine(description.workloads.flatMap(({ nodes }) => nodes));
}

function textOf(path: string): string {
  return String(files.find((file) => file.path === `localhost/${path}`)?.content);
}

test("an edge listens where its machine has it, on all addresses or on one", () => {
  const open = textOf("root/etc/slipway/light/edge/lighttpd.conf");
  expect(open).toContain('server.bind = "0.0.0.0"\nserver.port = 8080\n');
  expect(open).toContain('$SERVER["socket"] == "0.0.0.0:8443" {');
  const local = textOf("root/etc/slipway/light/proxy/lighttpd.conf");
  expect(local).toContain('server.bind = "127.0.0.1"\nserver.port = 80\n');
  expect(local).toContain('$SERVER["socket"] == "127.0.0.1:443" {');
  expect(textOf("root/etc/slipway/light/proxy/request.lua")).toContain(
    'attr["request.server-port"] == "80" then',
  );
  expect(textOf("root/opt/slipway/light/edge/bin/health")).toContain('"::127.0.0.1:8443"');
});

test("nodes of one machine keep their names beside its address", () => {
  expect(textOf("root/etc/slipway/light/proxy/nodes")).toMatch(
    /^nodes_shop shop-1=127\.0\.0\.1:(\d+) shop-2=127\.0\.0\.1:(?!\1\n)\d+\n/m,
  );
});

test("nothing of an edge is where only its image has it", () => {
  const texts = files
    .filter(({ path }) => /\/slipway\/light\/edge\/(bin\/|\w+\.(conf|lua)$)/.test(path))
    .map(({ path, content }) => `${path}\n${content}`);
  expect(texts.length).toBeGreaterThan(10);
  expect(
    texts.filter((text) =>
      /(?<![\w.-])\/(usr\/(share\/slipway|local)|srv|run\/(sockets|slipway\/(?!light\/edge))|etc\/slipway\/(?!light\/edge)|proc\/self)\b/.test(
        text.replaceAll("PATH='/usr/local/bin", "").replace(/^#.*/gm, ""),
      ),
    ),
  ).toEqual([]);
});

test("the module is made on the machine, by what the plan says", () => {
  expect(textOf("plan")).toContain("\nbuild edge /opt/slipway/light/edge/bin/build\n");
  expect(textOf("plan")).toContain("\npackage gcc\n");
  expect(textOf("plan")).not.toContain("\nbuild shop");
  expect(textOf("root/opt/slipway/light/edge/lib/mod_slipway.c")).toContain("mod_slipway_plugin_init");
  expect(textOf("root/opt/slipway/light/edge/bin/serve")).toContain(
    "-m /opt/slipway/light/edge/lib/modules ",
  );
  expect(String(files.find(({ path }) => path === "README.md")?.content)).toContain("A module of lighttpd");
});

test("the sockets are the application's, and in the group of the edge", () => {
  expect(textOf("plan")).toContain(
    "\nfolder /var/lib/slipway/light/volumes/shop-sockets slipway-app slipway-edge 0750\n",
  );
});

test("an edge and nodes that it reaches by Unix sockets are on one machine", () => {
  const machines = [
    { name: "web", address: "10.0.0.11", instances: ["edge", "proxy"] },
    { name: "app", address: "10.0.0.12", instances: ["shop-1", "shop-2"] },
  ];
  expect(() => debianTarget.files(stack, machines)).toThrow(InvalidValue);
  expect(() => debianTarget.files(stack, machines)).toThrow("edge on web, shop-1 on app, shop-2 on app");
});

test("a path that is too long for a socket is refused", async () => {
  const long = await shop(LONG);
  expect(() => debianTarget.files(long, everythingOn(long))).toThrow(/Unix socket.*107 characters/);
}, 60_000);

test("elsewhere than on Debian another server is named", () => {
  expect(() => redhatTarget.files(stack, everythingOn(stack))).toThrow(
    "Export for debian, or write server: Apache.modProxy()",
  );
});
