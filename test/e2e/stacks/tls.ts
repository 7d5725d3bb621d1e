import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Lighttpd } from "../../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Port } from "../../../modules/values/port.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** One small site, whose certificate comes from where the context says, by the servers that it says, on ports in a row. */
class TlsStack extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "tls", { engine: Docker.local(), purpose: "development" });
    const app = new App(this, "hello", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
    });
    const { acme, files } = JSON.parse(this.node.getContext("certificate"));
    const tls = acme ? Tls.acme(acme) : Tls.files(files);
    const servers: ("apache" | "lighttpd")[] = JSON.parse(this.node.getContext("servers"));
    const { http, https } = target.ports;
    for (const [index, name] of servers.entries()) {
      const ports = { http: Port.of(http.number + index), https: Port.of(https.number + index) };
      const at = { target: { ...target, ports }, tls };
      // The first one is the edge, whatever it is made of.
      const id = index === 0 ? "edge" : name;
      if (name === "apache")
        new Edge(this, id, { ...at, server: Apache.modProxy(), routes: [Route.to(app)] });
      else new Edge(this, id, { ...at, server: Lighttpd.fastCgi(), routes: [Route.to(app)] });
    }
  }
}

synthesize((app) => {
  new TlsStack(app, targetOf(app, "tls"));
});
