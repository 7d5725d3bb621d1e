/**
 * Apache as an edge.
 *
 *     new Edge(this, "edge", { server: Apache.modProxy(), ... });
 */
import { fileURLToPath } from "node:url";
import type { Certificate } from "../../tls/tls.ts";
import { Duration } from "../../values/duration.ts";
import { Name } from "../../values/name.ts";
import type { EdgeServer } from "../edge-server.ts";
import { httpdConf } from "./httpd-conf.ts";
import { embed } from "./mod-wsgi.ts";

/** Edges made of Apache 2.4 of Debian. */
export const Apache = {
  /** Balances over the nodes of applications by mod_proxy (recipe 3). */
  modProxy(): EdgeServer<"uwsgi" | "http", "nothing" | "cookie", Certificate> {
    return {
      name: "apache-mod-proxy",
      sticks: { nothing: true, cookie: true },
      certificates: { "self-signed": true, files: true, acme: true },
      protocols: ["uwsgi", "http"],
      over: "tcp",
      image: { name: Name.of("apache"), folder: fileURLToPath(new URL("image", import.meta.url)) },
      // SIGWINCH is Apache's graceful stop: requests at hand are answered.
      stop: { signal: "SIGWINCH", grace: Duration.of("25 seconds") },
      files: (site) => [{ path: "/etc/slipway/httpd.conf", content: httpdConf(site) }],
    };
  },

  /**
   * Edge and node in one: the application runs in a daemon of mod_wsgi, in the same container (recipe 1). A site has one
   * application then, on one node, and its releases pause the site, which has no other.
   */
  modWsgi(): EdgeServer<"wsgi", "nothing", Certificate> {
    return {
      ...Apache.modProxy(),
      name: "apache-mod-wsgi",
      sticks: { nothing: true },
      protocols: ["wsgi"],
      embed,
    };
  },
};
