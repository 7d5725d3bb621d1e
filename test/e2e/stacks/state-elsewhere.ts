import type { Construct } from "constructs";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Backend } from "../../../modules/state/backend.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** One container, and its state in a database, or encrypted where the context says so. */
class Elsewhere extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "elsewhere", {
      engine: Docker.on(target.host),
      purpose: "development",
      backend: scope.node.tryGetContext("encrypted")
        ? Backend.local({ passphrase: Secret.generated("state-passphrase") })
        : Backend.postgres(),
    });
    new Memcached(this, "cache", { memory: scope.node.tryGetContext("memory") ?? "64 MiB" });
  }
}

synthesize((app) => {
  new Elsewhere(app, targetOf(app, "elsewhere"));
});
