import { join } from "node:path";
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
import { TestAuthority } from "../../../support/certificates.ts";
import { exported } from "../../../support/exported.ts";
import { hello } from "../../../support/hello.ts";
import { target } from "../../../support/sandbox.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const folder = temporaryFolder();

test("each application inside of an edge is in the edge of its own, whose certificate is not the application's", async () => {
  const authority = new TestAuthority(join(folder, "authority"));
  const { certificate, key } = authority.issue("site", ["DNS:shop.example.org", "DNS:www.shop.example.org"]);
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
        tls: Tls.files({ chain: certificate, key }),
        routes,
      });
    });
  });
  expect(appsOf(stack).map(({ described, workload }) => [described.name, workload.name])).toEqual([
    ["shop", "edge-shop"],
    ["blog", "edge-blog"],
  ]);
  // The key of the site is the edge's, and leaves for no other host with the application.
  expect(appsOf(stack).map(({ workload, secrets }) => [workload.secrets.length, secrets])).toEqual([
    [3, ["/run/secrets/shop_session-key"]],
    [3, ["/run/secrets/blog_session-key"]],
  ]);
});
