/**
 * Lighttpd as an edge (recipe 7).
 *
 *     new Edge(this, "edge", { server: Lighttpd.fastCgi(), ... });
 */
import { fileURLToPath } from "node:url";
import type { SocketKind } from "../../app/protocol.ts";
import type { Certificate } from "../../tls/tls.ts";
import { Duration } from "../../values/duration.ts";
import { Name } from "../../values/name.ts";
import type { EdgeServer } from "../edge-server.ts";
import { lighttpdConf } from "./lighttpd-conf.ts";
import { namesLua, requestLua, responseLua } from "./lighttpd-lua.ts";
import { nodesFile } from "./lighttpd-nodes.ts";

/** Balances in turn, or by a hash of the visitor's address. */
type Sticks = "nothing" | "address";

export interface FastCgiOptions {
  /** Unix sockets are the faster ones, and need edge and nodes on one host. @default unix */
  readonly over?: SocketKind;
}

/** Edges made of lighttpd 1.4 of Debian. */
export const Lighttpd = {
  /** Leads to applications by FastCGI. */
  fastCgi({ over = "unix" }: FastCgiOptions = {}): EdgeServer<"fastcgi", Sticks, Certificate> {
    return { ...lighttpd("lighttpd-fastcgi"), protocols: ["fastcgi"], over };
  },

  /** Leads to applications by HTTP. */
  proxy(): EdgeServer<"http", Sticks, Certificate> {
    return { ...lighttpd("lighttpd-proxy"), protocols: ["http"], over: "tcp" };
  },
};

function lighttpd(name: string): Omit<EdgeServer<never, Sticks, Certificate>, "protocols" | "over"> {
  return {
    name,
    sticks: { nothing: true, address: true },
    certificates: { "self-signed": true, files: true, acme: true },
    asksAuthority: "client",
    image: { name: Name.of("lighttpd"), folder: fileURLToPath(new URL("image", import.meta.url)) },
    // SIGINT is lighttpd's graceful stop: requests at hand are answered.
    stop: { signal: "SIGINT", grace: Duration.of("25 seconds") },
    files: (site) => [
      { path: "/etc/slipway/lighttpd.conf", content: lighttpdConf(site) },
      { path: "/etc/slipway/nodes", content: nodesFile(site) },
      { path: "/etc/slipway/names.lua", content: namesLua(site) },
      { path: "/etc/slipway/request.lua", content: requestLua(site) },
      { path: "/etc/slipway/response.lua", content: responseLua(site) },
    ],
  };
}
