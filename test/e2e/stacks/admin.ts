import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Admin } from "../../../modules/edge/admin.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Port } from "../../../modules/values/port.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** Applications that would answer at every path, behind an edge for each way to its administration. */
class Administered extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "admin", { engine: Docker.local(), purpose: "development" });
    const source = Wsgi.fromDirectory("test/e2e/apps/closed", {
      callable: "closed:application",
      // Those of web2py.
      adminPaths: ["/admin", "/appadmin", "/*/appadmin"],
    });
    const app = new App(this, "closed", { source });
    const shop = new App(this, "shop", { source });
    for (const [at, admin] of [Admin.disabled(), Admin.overTls(), Admin.throughTunnel()].entries()) {
      const { ports } = target;
      new Edge(this, admin.mode, {
        server: Apache.modProxy(),
        target: {
          ...target,
          ports: {
            ...ports,
            http: Port.of(ports.http.number + at),
            https: Port.of(ports.https.number + at),
          },
        },
        tls: Tls.selfSigned(),
        admin,
        routes: [Route.to(app), Route.to(shop, { at: "/shop" })],
      });
    }
  }
}

synthesize((app) => {
  new Administered(app, targetOf(app, "admin"));
});
