import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Lighttpd } from "../../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Stickiness } from "../../../modules/edge/stickiness.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Port } from "../../../modules/values/port.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** The same applications behind each kind of lighttpd, on ports in a row. */
class AllOfLighttpd extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "lighttpd", { engine: Docker.local(), purpose: "development" });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
      nodes: 2,
    });
    const greeter = new App(this, "greeter", {
      source: Wsgi.fromDirectory("test/e2e/apps/greeter", { callable: "greeter:application" }),
      environment: { GREETING: "hello" },
      nodes: 2,
    });
    const servers = {
      edge: Lighttpd.fastCgi(),
      tcp: Lighttpd.fastCgi({ over: "tcp" }),
      proxy: Lighttpd.proxy(),
    };
    // Shorter by a second than the default, so that a reconfiguration can be told from none.
    const timeout = scope.node.tryGetContext("timeout") ?? "60 seconds";
    for (const [index, [name, server]] of Object.entries(servers).entries()) {
      const { http, https } = target.ports;
      new Edge(this, name, {
        server,
        target: {
          ...target,
          ports: { http: Port.of(http.number + index), https: Port.of(https.number + index) },
        },
        tls: Tls.selfSigned(),
        routes: [Route.to(hello), Route.to(greeter, { at: "/hello", sticky: Stickiness.byAddress() })],
        timeout,
      });
    }
  }
}

synthesize((app) => {
  new AllOfLighttpd(app, targetOf(app, "lighttpd"));
});
