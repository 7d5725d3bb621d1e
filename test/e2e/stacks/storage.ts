import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** Two nodes that share folders of the storage that the context names: a folder of the host, or an NFS server. */
class Storage extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "storage", { engine: Docker.local(), purpose: "development" });
    const port = this.node.tryGetContext("nfsPort");
    const shared = new SharedFolders(this, "shared", {
      on: port ? Nfs.v4("127.0.0.1", "/tank", { port }) : LocalDisk.folder(this.node.getContext("folder")),
    });
    const hello = new App(this, "hello", {
      source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application" }),
      nodes: 2,
      environment: { GREETING: this.node.getContext("greeting") },
    });
    hello.uses(shared);
    const routes = [Route.to(hello)];
    new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes });
  }
}

synthesize((app) => {
  new Storage(app, targetOf(app, "storage"));
});
