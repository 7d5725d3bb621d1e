/**
 * Apache as an edge.
 *
 *     new Edge(this, "edge", { server: Apache.modProxy(), ... });
 */
import { fileURLToPath } from "node:url";
import { Duration } from "../../values/duration.ts";
import { Name } from "../../values/name.ts";
import type { EdgeServer } from "../edge-server.ts";
import { httpdConf } from "./httpd-conf.ts";

/** Edges made of Apache 2.4 of Debian. */
export const Apache = {
  /** Balances over the nodes of applications by mod_proxy (recipe 3). */
  modProxy(): EdgeServer<"uwsgi" | "http", "nothing" | "cookie"> {
    return {
      name: "apache-mod-proxy",
      sticks: { nothing: true, cookie: true },
      protocols: ["uwsgi", "http"],
      over: "tcp",
      image: { name: Name.of("apache"), folder: fileURLToPath(new URL("image", import.meta.url)) },
      // SIGWINCH is Apache's graceful stop: requests at hand are answered.
      stop: { signal: "SIGWINCH", grace: Duration.of("25 seconds") },
      files: (site) => [{ path: "/etc/slipway/httpd.conf", content: httpdConf(site) }],
    };
  },
};
