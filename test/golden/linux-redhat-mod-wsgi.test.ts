import { expect, test } from "vitest";
import { App } from "../../modules/app/app.ts";
import { Server } from "../../modules/app/server/server.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Route } from "../../modules/edge/route.ts";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import type { ExportedFile } from "../../modules/hosts/export/exported-file.ts";
import { machinesOf } from "../../modules/hosts/export/machine.ts";
import { redhatTarget } from "../../modules/hosts/linux/linux.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { exported } from "../support/exported.ts";
import { textOf } from "../support/exported-files.ts";
import { hello } from "../support/hello.ts";
import { target } from "../support/sandbox.ts";

async function shop(
  name: string,
  compose: (environment: Environment) => void,
  machines: readonly string[] = [],
): Promise<readonly ExportedFile[]> {
  const stack = await exported(name, (scope) =>
    compose(new Environment(scope, name, { engine: Docker.local(), purpose: "development" })),
  );
  const workloads = new Map(stack.description.workloads.map((one) => [one.name, one.nodes]));
  return redhatTarget.files(stack, machinesOf(machines, workloads));
}

const at = { target: target({ address: "127.0.0.1" }), tls: Tls.selfSigned() };

test("an edge with its application inside has Red Hat's module and packages", async () => {
  const files = await shop("inside", (environment) => {
    const routes = [Route.to(new App(environment, "shop", { source: hello() }))];
    new Edge(environment, "edge", { server: Apache.modWsgi(), ...at, routes });
  });
  await expect(textOf(files, "localhost/plan")).toMatchFileSnapshot("linux-redhat-mod-wsgi-edge.plan.golden");
  const conf = textOf(files, "localhost/root/etc/slipway/inside/edge/httpd.conf");
  await expect(conf).toMatchFileSnapshot("linux-redhat-mod-wsgi-edge.conf.golden");
  expect(textOf(files, "localhost/root/opt/slipway/inside/edge/lib/site/serve")).toContain(
    " httpd -D FOREGROUND ",
  );
});

test("nodes of mod_wsgi on a machine of their own start Red Hat's server, with all that it loads", async () => {
  const files = await shop(
    "nodes",
    (environment) => {
      const app = new App(environment, "shop", { source: hello(), nodes: 2, server: Server.modWsgi() });
      const routes = [Route.to(app)];
      new Edge(environment, "edge", { server: Apache.modProxy(), ...at, routes });
    },
    ["web=10.0.0.11:edge", "app=10.0.0.12:shop"],
  );
  await expect(textOf(files, "app/plan")).toMatchFileSnapshot("linux-redhat-mod-wsgi-node.plan.golden");
  const conf = textOf(files, "app/root/etc/slipway/nodes/shop-2/httpd.conf");
  await expect(conf).toMatchFileSnapshot("linux-redhat-mod-wsgi-node.conf.golden");
  const unit = textOf(files, "app/systemd/slipway-nodes-shop-2.service");
  await expect(unit).toMatchFileSnapshot("linux-redhat-mod-wsgi-node.service.golden");
});
