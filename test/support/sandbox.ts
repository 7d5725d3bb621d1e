import { App as Cdktf } from "cdktf";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import type { PublicAddress } from "../../modules/environment/target.ts";
import type { Purpose } from "../../modules/rules/description.ts";
import { Hostname } from "../../modules/values/hostname.ts";
import { Port } from "../../modules/values/port.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** An environment to put modules into, of an app that need not be written. */
export function sandbox(purpose: Purpose = "development"): Environment {
  return new Environment(new Cdktf({ outdir: temporaryFolder() }), "sandbox", {
    engine: Docker.local(),
    purpose,
  });
}

/** A target with names of the documentation (RFC 2606). */
export function target(changes: Partial<PublicAddress> = {}): PublicAddress {
  return {
    hostname: Hostname.of("shop.example.org"),
    aliases: [Hostname.of("www.shop.example.org")],
    address: "192.0.2.1",
    ports: { http: Port.of(8080), https: Port.of(8443) },
    ...changes,
  };
}
