import type { Construct } from "constructs";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../../modules/environment/target.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Backend, type S3BackendProps } from "../../../modules/state/backend.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** One container, and its state in a database, or else where the context says. */
class Elsewhere extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "elsewhere", {
      engine: Docker.on(target.host),
      purpose: "development",
      backend: backendOf((name) => scope.node.tryGetContext(name)),
    });
    new Memcached(this, "cache", { memory: scope.node.tryGetContext("memory") ?? "64 MiB" });
  }
}

function backendOf(context: (name: string) => unknown): Backend {
  if (context("encrypted")) return Backend.local({ passphrase: Secret.generated("state-passphrase") });
  const store = context("store");
  return store === undefined ? Backend.postgres() : Backend.s3(JSON.parse(String(store)) as S3BackendProps);
}

synthesize((app) => {
  new Elsewhere(app, targetOf(app, "elsewhere"));
});
