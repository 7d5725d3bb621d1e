import { beforeAll, describe, expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Wsgi } from "../../../../modules/app/wsgi.ts";
import { Admin } from "../../../../modules/edge/admin.ts";
import { Apache } from "../../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../../modules/edge/edge.ts";
import { Route } from "../../../../modules/edge/route.ts";
import { Docker } from "../../../../modules/engine/docker.ts";
import { Environment } from "../../../../modules/environment/environment.ts";
import type { ExportedStack } from "../../../../modules/hosts/export/exported-stack.ts";
import { oneMachine } from "../../../../modules/hosts/export/machine.ts";
import { debianTarget } from "../../../../modules/hosts/linux/linux.ts";
import { Tls } from "../../../../modules/tls/tls.ts";
import { exported } from "../../../support/exported.ts";
import { textOf } from "../../../support/exported-files.ts";
import { target } from "../../../support/sandbox.ts";

let stack: ExportedStack;
beforeAll(async () => {
  stack = await exported("tunnel", (scope) => {
    const environment = new Environment(scope, "tunnel", { engine: Docker.local(), purpose: "development" });
    const source = Wsgi.fromDirectory("examples/hello", {
      callable: "hello:application",
      adminPaths: ["/admin"],
    });
    new Edge(environment, "edge", {
      server: Apache.modProxy(),
      target: target({ address: "127.0.0.1" }),
      tls: Tls.selfSigned(),
      admin: Admin.throughTunnel(),
      routes: [Route.to(new App(environment, "shop", { source }))],
    });
  });
});

describe("the steps of an edge on the loopback interface", () => {
  const readme = () => textOf(debianTarget.files(stack, oneMachine(["shop", "edge"])), "README.md");

  test("lead through a tunnel that is there or fails, and never to what has its ports here", () => {
    // The option alone is not enough: without an address ssh is content when it has the port of IPv6.
    expect(readme()).toContain(
      "   ssh -o ExitOnForwardFailure=yes -f -N -L 127.0.0.1:8080:127.0.0.1:8080 -L 127.0.0.1:8443:127.0.0.1:8443 root@HOST && npm run verify -- tunnel --at 127.0.0.1\n",
    );
  });

  test("open the administration over TLS, which its port speaks alone", () => {
    expect(readme()).toContain(
      "\nssh -o ExitOnForwardFailure=yes -N -L 127.0.0.1:8001:127.0.0.1:8001 root@HOST\n",
    );
    expect(readme()).toContain("Then open https://127.0.0.1:8001/admin.\n");
  });
});
