import { App as Cdktf } from "cdktf";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import { type Target, targetOf } from "../../modules/environment/target.ts";
import type { Purpose } from "../../modules/rules/description.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** An environment to put modules into, of an app that need not be written. */
export function sandbox(purpose: Purpose = "development"): Environment {
  return new Environment(new Cdktf({ outdir: temporaryFolder() }), "sandbox", {
    engine: Docker.local(),
    purpose,
  });
}

/** A target at the names of the documentation (RFC 2606). */
export function target(
  environment: Environment,
  context: Record<string, unknown> = { hostname: "shop.example.org", aliases: ["www.shop.example.org"] },
): Target {
  environment.node.setContext("sandbox", context);
  return targetOf(environment, "sandbox");
}
