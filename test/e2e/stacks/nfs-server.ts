import type { Construct } from "constructs";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { NfsServer } from "../../../modules/nfs-server/nfs-server.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** A file server by itself: the kernel of this machine has no NFS client, so nothing of a stack could mount it. */
class FileServer extends Environment {
  constructor(scope: Construct) {
    super(scope, "nfs-server", { engine: Docker.local(), purpose: "development" });
    new NfsServer(this, "files", { address: "127.0.0.1", port: 18_049, clients: ["10.255.255.0/24"] });
  }
}

synthesize((app) => {
  new FileServer(app);
});
