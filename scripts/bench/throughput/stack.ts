/** Every combination of edge and server that the throughput is measured of, with the smallest application. */
import type { Construct } from "constructs";
import { App } from "../../../modules/app/app.ts";
import { Server } from "../../../modules/app/server/server.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Lighttpd } from "../../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { Hostname } from "../../../modules/values/hostname.ts";
import { Port } from "../../../modules/values/port.ts";
import { synthesize } from "../../../stacks/synthesize.ts";
import { appOf, COMBINATIONS, type CombinationName, HOSTNAME } from "./combinations.ts";

const FIRST_PORT = 38_100;

class Throughput extends Environment {
  constructor(scope: Construct) {
    super(scope, "throughput", { engine: Docker.local(), purpose: "development" });
    const source = Wsgi.fromDirectory("examples/hello", { callable: "hello:application" });
    const app = (name: CombinationName) => new App(this, appOf(name), { source });
    const on = <P extends "http" | "wsgi">(name: CombinationName, server: Server<P>) =>
      new App(this, appOf(name), { source, server });
    const tls = Tls.selfSigned();
    const edge = (name: CombinationName) => ({ target: this.#target(name), tls, memory: "512 MiB" }) as const;

    new Edge(this, "mod-proxy-uwsgi", {
      ...edge("mod-proxy-uwsgi"),
      server: Apache.modProxy(),
      routes: [Route.to(app("mod-proxy-uwsgi"))],
    });
    new Edge(this, "mod-proxy-gunicorn", {
      ...edge("mod-proxy-gunicorn"),
      server: Apache.modProxy(),
      routes: [Route.to(on("mod-proxy-gunicorn", Server.gunicorn()))],
    });
    new Edge(this, "mod-proxy-mod-wsgi", {
      ...edge("mod-proxy-mod-wsgi"),
      server: Apache.modProxy(),
      routes: [Route.to(on("mod-proxy-mod-wsgi", Server.modWsgi()))],
    });
    new Edge(this, "mod-wsgi", {
      ...edge("mod-wsgi"),
      server: Apache.modWsgi(),
      routes: [Route.to(app("mod-wsgi"))],
    });
    new Edge(this, "fastcgi-unix", {
      ...edge("fastcgi-unix"),
      server: Lighttpd.fastCgi(),
      routes: [Route.to(app("fastcgi-unix"))],
    });
    new Edge(this, "fastcgi-tcp", {
      ...edge("fastcgi-tcp"),
      server: Lighttpd.fastCgi({ over: "tcp" }),
      routes: [Route.to(app("fastcgi-tcp"))],
    });
    new Edge(this, "proxy-uwsgi", {
      ...edge("proxy-uwsgi"),
      server: Lighttpd.proxy(),
      routes: [Route.to(app("proxy-uwsgi"))],
    });
    new Edge(this, "proxy-gunicorn", {
      ...edge("proxy-gunicorn"),
      server: Lighttpd.proxy(),
      routes: [Route.to(on("proxy-gunicorn", Server.gunicorn()))],
    });
  }

  /** The load comes over the stack's own networks, but an edge has published ports all the same. */
  #target(name: CombinationName) {
    const at = FIRST_PORT + 2 * COMBINATIONS.findIndex((combination) => combination.name === name);
    return {
      hostname: Hostname.of(HOSTNAME),
      aliases: [],
      address: "127.0.0.1",
      ports: { http: Port.of(at), https: Port.of(at + 1) },
    };
  }
}

synthesize((app) => {
  new Throughput(app);
});
