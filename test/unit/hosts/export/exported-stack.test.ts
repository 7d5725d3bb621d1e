import { expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Apache } from "../../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../../modules/edge/edge.ts";
import { Route } from "../../../../modules/edge/route.ts";
import { Docker } from "../../../../modules/engine/docker.ts";
import { Environment } from "../../../../modules/environment/environment.ts";
import { appsOf } from "../../../../modules/hosts/export/exported-stack.ts";
import { Tls } from "../../../../modules/tls/tls.ts";
import { Port } from "../../../../modules/values/port.ts";
import { exported } from "../../../support/exported.ts";
import { hello } from "../../../support/hello.ts";
import { target } from "../../../support/sandbox.ts";

test("each application inside of an edge is in the edge of its own", async () => {
  const stack = await exported("inside", (scope) => {
    const environment = new Environment(scope, "inside", {
      engine: Docker.local(),
      purpose: "development",
    });
    ["shop", "blog"].forEach((name, at) => {
      const app = new App(environment, name, { source: hello() });
      const ports = { http: Port.of(8080 + at), https: Port.of(8443 + at) };
      const routes = [Route.to(app)];
      new Edge(environment, `edge-${name}`, {
        server: Apache.modWsgi(),
        target: target({ address: "127.0.0.1", ports }),
        tls: Tls.selfSigned(),
        routes,
      });
    });
  });
  expect(appsOf(stack).map(({ described, workload }) => [described.name, workload.name])).toEqual([
    ["shop", "edge-shop"],
    ["blog", "edge-blog"],
  ]);
});
