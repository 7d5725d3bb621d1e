/** Writes an environment with as many nodes as its argument says, and prints what that took, as JSON. */
import { App as Cdktf } from "cdktf";
import type { Construct } from "constructs";
import { App } from "../../modules/app/app.ts";
import { Wsgi } from "../../modules/app/wsgi.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Route } from "../../modules/edge/route.ts";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import { targetOf } from "../../modules/environment/target.ts";
import { Memcached } from "../../modules/memcached/memcached.ts";
import { SharedFolders } from "../../modules/shared-folders/shared-folders.ts";
import { Tls } from "../../modules/tls/tls.ts";

class Scaled extends Environment {
  constructor(scope: Construct, nodes: number) {
    super(scope, "dev", { engine: Docker.local(), purpose: "development" });
    const cache = new Memcached(this, "cache", { memory: "64 MiB" });
    const shared = new SharedFolders(this, "shared");
    const source = Wsgi.fromDirectory("examples/hello", { callable: "hello:application" });
    const hello = new App(this, "hello", { source, nodes });
    hello.uses(cache);
    hello.uses(shared);
    new Edge(this, "edge", {
      server: Apache.modProxy(),
      target: targetOf(scope, "dev"),
      tls: Tls.selfSigned(),
      routes: [Route.to(hello)],
    });
  }
}

/** The most memory that this process has had, in MiB. */
function mostMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}

const memory = mostMemory();
const processor = process.cpuUsage();
const start = performance.now();
const app = new Cdktf();
new Scaled(app, Number(process.argv[2]));
app.synth();
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(processor);
console.log(JSON.stringify({ seconds, processor: (user + system) / 1e6, mebibytes: mostMemory() - memory }));
