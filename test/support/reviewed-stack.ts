/**
 * A small stack that can be varied in every way that a review is asked about; the unit tests review the variations, and
 * test/e2e/review.test.ts deploys them.
 */
import type { Construct } from "constructs";
import { App } from "../../modules/app/app.ts";
import { Concurrency } from "../../modules/app/concurrency.ts";
import { Server } from "../../modules/app/server/server.ts";
import { Wsgi } from "../../modules/app/wsgi.ts";
import { Balancer } from "../../modules/balancer/balancer.ts";
import { HaProxy } from "../../modules/balancer/haproxy/haproxy.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Lighttpd } from "../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../modules/edge/route.ts";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import type { Outage } from "../../modules/environment/outage.ts";
import type { Target } from "../../modules/environment/target.ts";
import { Job } from "../../modules/jobs/job.ts";
import { Memcached } from "../../modules/memcached/memcached.ts";
import { Pooler } from "../../modules/postgres/pooler/pooler.ts";
import { Postgres } from "../../modules/postgres/postgres.ts";
import type { PostgresVersion } from "../../modules/postgres/version.ts";
import { SharedFolders } from "../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../modules/storage/local-disk.ts";
import { Tls } from "../../modules/tls/tls.ts";
import type { DurationText } from "../../modules/values/duration.ts";
import type { SizeText } from "../../modules/values/size.ts";

/** What may differ. Everything is as a small site has it unless it is said. */
export interface Variation {
  // The application that writes down, on a database.
  readonly ledgerNodes?: number;
  readonly ledgerGreeting?: string;
  readonly ledgerMemory?: SizeText;
  // The application without a database.
  readonly source?: string;
  readonly greeting?: string;
  readonly health?: `/${string}`;
  readonly nodes?: number;
  readonly memory?: SizeText;
  readonly threads?: number;
  readonly processes?: number;
  readonly startPeriod?: DurationText;
  readonly server?: "gunicorn" | "recycled" | "mod_wsgi";
  readonly at?: `/${string}`;
  readonly withoutHello?: boolean;
  readonly usesDatabase?: boolean;
  readonly usesCache?: boolean;
  readonly usesFolders?: boolean;
  readonly job?: { readonly every: DurationText; readonly command: string };
  readonly jobMemory?: SizeText;
  // Services.
  readonly withoutCache?: boolean;
  readonly cacheMemory?: SizeText;
  readonly cacheInstances?: number;
  readonly database?: string;
  readonly databaseMemory?: SizeText;
  readonly databaseCpus?: number;
  readonly connections?: number;
  readonly slow?: DurationText;
  readonly extension?: boolean;
  readonly stopGrace?: DurationText;
  readonly version?: PostgresVersion;
  readonly folder?: string;
  readonly keep?: boolean;
  readonly pooler?: number;
  readonly poolerMemory?: SizeText;
  // The edge.
  readonly lighttpd?: boolean;
  readonly balancer?: boolean;
  readonly edgeMemory?: SizeText;
  readonly bodyLimit?: SizeText;
  readonly timeout?: DurationText;
  readonly outages?: readonly Outage[];
}

export class ReviewedStack extends Environment {
  constructor(scope: Construct, target: Target, vary: Variation = {}) {
    super(scope, "review", {
      engine: Docker.on(target.host),
      purpose: "development",
      ...(vary.outages && { outages: vary.outages }),
    });
    const { pooler, poolerMemory = "64 MiB", folder } = vary;
    const db = new Postgres(this, vary.database ?? "db", {
      memory: vary.databaseMemory ?? "256 MiB",
      connections: vary.connections ?? 60,
      keep: vary.keep ?? true,
      logSlowerThan: vary.slow ?? "1 second",
      stopGrace: vary.stopGrace ?? "30 seconds",
      version: vary.version ?? 17,
      extensions: vary.extension ? ["pg_trgm"] : [],
      ...(vary.databaseCpus !== undefined && { cpus: vary.databaseCpus }),
      ...(pooler !== undefined && { pooler: Pooler.transactions({ size: pooler, memory: poolerMemory }) }),
      ...(folder !== undefined && { storage: LocalDisk.folder(folder) }),
    });
    const cache = vary.withoutCache
      ? undefined
      : new Memcached(this, "cache", {
          memory: vary.cacheMemory ?? "64 MiB",
          instances: vary.cacheInstances ?? 1,
        });

    const ledger = new App(this, "ledger", {
      source: Wsgi.fromDirectory("test/e2e/apps/ledger", { callable: "ledger:application" }),
      nodes: vary.ledgerNodes ?? 2,
      memory: vary.ledgerMemory ?? "192 MiB",
      concurrency: Concurrency.threads(3),
      environment: { GREETING: vary.ledgerGreeting ?? "first" },
    });
    ledger.uses(db);
    if (cache) ledger.uses(cache);
    const routes = [Route.to(ledger)];

    if (!vary.withoutHello) {
      const hello = new App(this, "hello", {
        source: Wsgi.fromDirectory(vary.source ?? "test/e2e/apps/greeter", {
          callable: "greeter:application",
          health: vary.health ?? "/healthz",
        }),
        ...serverOf(vary.server),
        nodes: vary.nodes ?? 1,
        memory: vary.memory ?? "192 MiB",
        concurrency:
          vary.processes === undefined
            ? Concurrency.threads(vary.threads ?? 4)
            : Concurrency.processes(vary.processes),
        environment: { GREETING: vary.greeting ?? "first" },
        startPeriod: vary.startPeriod ?? "60 seconds",
        ...(vary.jobMemory !== undefined && { jobMemory: vary.jobMemory }),
      });
      if (vary.usesDatabase) hello.uses(db);
      if (vary.usesCache && cache) hello.uses(cache);
      if (vary.usesFolders) hello.uses(new SharedFolders(this, "shared", { keep: true }));
      if (vary.job) {
        const { every, command } = vary.job;
        hello.runs(Job.every(every, { name: "note", command: ["echo", command] }));
      }
      const upstream = vary.balancer
        ? new Balancer(this, "balancer", { engine: HaProxy.leastConnections(), target: hello })
        : hello;
      routes.push(Route.to(upstream as App, { at: vary.at ?? "/hello" }));
    }
    const site = {
      ...{ target, routes, tls: Tls.selfSigned(), memory: vary.edgeMemory ?? "192 MiB" },
      bodyLimit: vary.bodyLimit ?? "16 MiB",
      timeout: vary.timeout ?? "60 seconds",
    } as const;
    if (vary.lighttpd) new Edge(this, "edge", { ...site, server: Lighttpd.proxy() });
    else new Edge(this, "edge", { ...site, server: Apache.modProxy() });
  }
}

function serverOf(kind: Variation["server"]): { readonly server?: Server<"http"> } {
  if (kind === undefined) return {};
  if (kind === "mod_wsgi") return { server: Server.modWsgi() };
  return { server: kind === "recycled" ? Server.gunicorn({ maximumRequests: 1000 }) : Server.gunicorn() };
}
