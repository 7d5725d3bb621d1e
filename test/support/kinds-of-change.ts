import type { Effect } from "../../scripts/review/effect.ts";
import type { Variation } from "./reviewed-stack.ts";

/** One kind of change, and what a review has to say of it. */
export interface KindOfChange {
  readonly name: string;
  /** What the stack is before it. @default as it is without any variation */
  readonly from?: Variation;
  readonly to: Variation;
  /** Values of the target. @default none */
  readonly target?: Record<string, unknown>;
  /** Of each workload that something becomes of. */
  readonly effects: Readonly<Record<string, Effect>>;
}

const JOB = { every: "1 hour", command: "noted" } as const;
const REACHED_BY_HTTP = { server: "gunicorn" } as const;

/** Changes that users notice nothing of. */
export const NONE: readonly KindOfChange[] = [
  { name: "a larger body limit", to: { bodyLimit: "32 MiB" }, effects: { edge: "none" } },
  { name: "a longer timeout", to: { timeout: "90 seconds" }, effects: { edge: "none" } },
  {
    name: "another name of the site",
    to: {},
    target: { aliases: ["127.0.0.1", "www.example.org"] },
    effects: { edge: "none" },
  },
  { name: "more memory of the cache", to: { cacheMemory: "80 MiB" }, effects: { cache: "none" } },
  {
    name: "a third node",
    from: { nodes: 2 },
    to: { nodes: 3 },
    effects: { hello: "none", edge: "none" },
  },
  { name: "a job", to: { job: JOB }, effects: { "hello-jobs": "none" } },
  { name: "without the job", from: { job: JOB }, to: {}, effects: { "hello-jobs": "none" } },
  {
    name: "more nodes with a database",
    to: { ledgerNodes: 3 },
    effects: { db: "none", ledger: "none", edge: "none" },
  },
  { name: "an extension", to: { extension: true }, effects: { db: "none" } },
  { name: "no change at all", to: {}, effects: {} },
];

/** Changes that new instances take over, while the old ones still answer. */
export const ROLLING: readonly KindOfChange[] = [
  { name: "a setting of an application", to: { greeting: "second" }, effects: { hello: "rolling" } },
  {
    name: "a setting of an application with a database",
    to: { ledgerGreeting: "second" },
    effects: { ledger: "rolling" },
  },
  { name: "more memory of an application", to: { memory: "224 MiB" }, effects: { hello: "rolling" } },
  { name: "more threads", to: { threads: 5 }, effects: { hello: "rolling" } },
  { name: "processes instead of threads", to: { processes: 2 }, effects: { hello: "rolling" } },
  { name: "another health page", to: { health: "/hello" }, effects: { hello: "rolling" } },
  { name: "a longer start", to: { startPeriod: "70 seconds" }, effects: { hello: "rolling" } },
  { name: "other code", to: { source: "test/e2e/apps/mirror-greeter" }, effects: { hello: "rolling" } },
  { name: "two nodes for one", to: { nodes: 2 }, effects: { hello: "rolling", edge: "none" } },
  {
    name: "one node for two",
    from: { nodes: 2 },
    to: {},
    effects: { hello: "rolling", edge: "none" },
  },
  {
    name: "two nodes for three",
    from: { nodes: 3 },
    to: { nodes: 2 },
    effects: { hello: "rolling", edge: "none" },
  },
  {
    name: "a server of another protocol",
    to: REACHED_BY_HTTP,
    effects: { hello: "rolling", edge: "none" },
  },
  {
    name: "another server of the same protocol",
    from: REACHED_BY_HTTP,
    to: { server: "mod_wsgi" },
    effects: { hello: "rolling" },
  },
  {
    name: "processes that are replaced after so many requests",
    from: REACHED_BY_HTTP,
    to: { server: "recycled" },
    effects: { hello: "rolling" },
  },
  {
    name: "another application with a database",
    to: { usesDatabase: true },
    effects: { db: "none", hello: "rolling" },
  },
  { name: "a pooler", to: { pooler: 10 }, effects: { "db-pooler": "none", db: "none", ledger: "rolling" } },
  { name: "a cache for another application", to: { usesCache: true }, effects: { hello: "rolling" } },
  { name: "shared folders", to: { usesFolders: true }, effects: { hello: "rolling" } },
  {
    name: "another time of a job",
    from: { job: JOB },
    to: { job: { ...JOB, every: "2 hours" } },
    effects: { "hello-jobs": "rolling" },
  },
  {
    name: "another command of a job",
    from: { job: JOB },
    to: { job: { ...JOB, command: "noted again" } },
    effects: { "hello-jobs": "rolling" },
  },
  {
    name: "more memory of jobs",
    from: { job: JOB },
    to: { job: JOB, jobMemory: "224 MiB" },
    effects: { "hello-jobs": "rolling" },
  },
  {
    name: "a second instance of the cache",
    to: { cacheInstances: 2 },
    effects: { cache: "none", ledger: "rolling" },
  },
  { name: "without the cache", to: { withoutCache: true }, effects: { cache: "none", ledger: "rolling" } },
  {
    name: "a cache",
    from: { withoutCache: true },
    to: {},
    effects: { cache: "none", ledger: "rolling" },
  },
];

/** Changes that stop something before its successor starts. */
export const OUTAGE: readonly KindOfChange[] = [
  { name: "more memory of the edge", to: { edgeMemory: "224 MiB" }, effects: { edge: "outage" } },
  {
    name: "another port",
    to: {},
    target: { ports: { http: 18101, https: 18491 } },
    effects: { edge: "outage" },
  },
  {
    name: "an edge of another kind",
    to: { lighttpd: true },
    effects: { edge: "outage", hello: "outage", ledger: "outage" },
  },
  {
    name: "a balancer",
    to: { balancer: true },
    effects: { balancer: "none", edge: "outage", hello: "outage" },
  },
  {
    name: "without an application",
    to: { withoutHello: true },
    effects: { hello: "outage", edge: "outage" },
  },
  {
    name: "another application",
    from: { withoutHello: true },
    to: {},
    effects: { hello: "none", edge: "outage" },
  },
  { name: "another route", to: { at: "/greet" }, effects: { edge: "outage" } },
  {
    name: "another host name",
    to: {},
    target: { hostname: "shop.example.org" },
    effects: { edge: "outage" },
  },
  {
    name: "more memory of a pooler",
    from: { pooler: 10 },
    to: { pooler: 10, poolerMemory: "80 MiB" },
    effects: { "db-pooler": "outage" },
  },
  { name: "more memory of a database", to: { databaseMemory: "320 MiB" }, effects: { db: "outage" } },
  { name: "more connections", to: { connections: 80 }, effects: { db: "outage" } },
  { name: "another threshold of slow statements", to: { slow: "2 seconds" }, effects: { db: "outage" } },
  { name: "fewer CPUs of a database", to: { databaseCpus: 1 }, effects: { db: "outage" } },
  { name: "a longer stop of a database", to: { stopGrace: "40 seconds" }, effects: { db: "outage" } },
  {
    name: "another version of a database",
    to: { version: 15 },
    effects: { db: "outage" },
  },
];

/** Changes that leave data behind. */
export const DATA: readonly KindOfChange[] = [
  {
    name: "another name of a database",
    to: { database: "store" },
    effects: { db: "data at risk", store: "none", ledger: "rolling" },
  },
  { name: "another folder for a database", to: { folder: "/srv/other" }, effects: { db: "data at risk" } },
  { name: "data that is no longer kept", to: { keep: false }, effects: { db: "data at risk" } },
  {
    name: "shared folders that nobody uses any more",
    from: { usesFolders: true },
    to: {},
    effects: { hello: "data at risk" },
  },
  {
    name: "another machine",
    to: {},
    target: { hosts: [{ name: "other", address: "unix:///run/other.sock" }] },
    effects: { db: "data at risk", cache: "outage", hello: "outage", ledger: "outage", edge: "outage" },
  },
];
