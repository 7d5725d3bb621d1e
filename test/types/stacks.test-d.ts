import { expectTypeOf, test } from "vitest";
import { type AnyProtocol, App } from "../../modules/app/app.ts";
import { Concurrency } from "../../modules/app/concurrency.ts";
import { Py4web } from "../../modules/app/py4web.ts";
import { Sessions } from "../../modules/app/sessions.ts";
import type { Source } from "../../modules/app/source.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import type { EdgeServer } from "../../modules/edge/edge-server.ts";
import { Lighttpd } from "../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../modules/edge/route.ts";
import { Docker } from "../../modules/engine/docker.ts";
import { Swarm } from "../../modules/engine/swarm.ts";
import { Environment } from "../../modules/environment/environment.ts";
import type { Target } from "../../modules/environment/target.ts";
import { Job } from "../../modules/jobs/job.ts";
import { Memcached } from "../../modules/memcached/memcached.ts";
import { ExternalPostgres } from "../../modules/postgres/external-postgres.ts";
import { Postgres } from "../../modules/postgres/postgres.ts";
import type { SessionPlace } from "../../modules/rules/description.ts";
import type { Waiver } from "../../modules/rules/rule.ts";
import type { SharedFolders } from "../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../modules/storage/local-disk.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { Secret } from "../../modules/values/secret.ts";

declare const environment: Environment;
declare const source: Source<SessionPlace>;
declare const target: Target;
declare const db: Postgres;
declare const cache: Memcached;
declare const shared: SharedFolders;
declare const shop: App;
declare const edge: Edge;
const server = Apache.modProxy();

test("a database has a memory limit, in binary units", () => {
  new Postgres(environment, "db", { memory: "2 GiB" });
  // @ts-expect-error GB is ambiguous
  new Postgres(environment, "db", { memory: "2 GB" });
  // @ts-expect-error memory is required
  new Postgres(environment, "db", { connections: 100 });
  // @ts-expect-error a number has no unit
  new Postgres(environment, "db", { memory: 2048 });
  // @ts-expect-error memory is required
  new Memcached(environment, "cache", {});
});

test("durations have a unit in words", () => {
  new Postgres(environment, "db", { memory: "2 GiB", stopGrace: "2 minutes" });
  // @ts-expect-error minutes are written out
  new Postgres(environment, "db", { memory: "2 GiB", stopGrace: "2m" });
  const timeout = "1 fortnight";
  // @ts-expect-error no such unit
  new Edge(environment, "edge", { server, target, tls: Tls.selfSigned(), routes: [], timeout });
});

test("a database elsewhere has a password from somewhere, and a named way to be sure of it", () => {
  const password = Secret.fromFile("password", "/etc/password");
  const crm = new ExternalPostgres(environment, "crm", { host: "db", database: "crm", password });
  shop.uses(crm);
  Sessions.in(crm);
  // @ts-expect-error a password is no text of a stack
  new ExternalPostgres(environment, "crm", { host: "db", database: "crm", password: "hunter2" });
  // @ts-expect-error modes have names
  new ExternalPostgres(environment, "crm", { host: "db", database: "crm", password, tls: "require" });
});

test("storage is an object, not a text that refers to one", () => {
  new Postgres(environment, "db", { memory: "2 GiB", storage: LocalDisk.folder("/srv/postgres") });
  // @ts-expect-error a path may mean anything
  new Postgres(environment, "db", { memory: "2 GiB", storage: "/srv/postgres" });
  // @ts-expect-error private constructor: storage is made by its factories
  new LocalDisk("/srv/postgres");
});

test("a waiver names a rule that exists, and has a reason", () => {
  expectTypeOf({ rule: "stop-grace", reason: "it keeps nothing" } as const).toExtend<Waiver>();
  // @ts-expect-error no such rule
  const unknown: Waiver = { rule: "stop-grease", reason: "it keeps nothing" };
  // @ts-expect-error a reason is required
  const unreasoned: Waiver = { rule: "stop-grace" };
  expectTypeOf([unknown, unreasoned]).toEqualTypeOf<Waiver[]>();
});

test("an environment has an engine and a purpose that is known", () => {
  new Environment(environment, "dev", { engine: Docker.local(), purpose: "development" });
  // @ts-expect-error no such purpose
  new Environment(environment, "dev", { engine: Docker.local(), purpose: "staging" });
  // @ts-expect-error an engine is required
  new Environment(environment, "dev", { purpose: "production" });
});

test("sessions are kept where the application can keep them", () => {
  new App(environment, "shop", { source, sessions: Sessions.in(db) });
  new App(environment, "shop", { source, sessions: Sessions.in(cache, { expire: "60 minutes" }) });
  new App(environment, "shop", { source, sessions: Sessions.inFiles(shared) });
  new App(environment, "shop", { source, sessions: Sessions.sticky() });
  // @ts-expect-error files are in folders that nodes share
  Sessions.inFiles();
  // @ts-expect-error a database has no files
  Sessions.inFiles(db);
  // @ts-expect-error folders hold files
  Sessions.in(shared);
  // @ts-expect-error rows are collected by a job, and not forgotten by themselves
  Sessions.in(db, { expire: "60 minutes" });
  // @ts-expect-error minutes are written out
  Sessions.in(cache, { expire: "60m" });
  const py4web = Py4web.fromDirectory("shop");
  new App(environment, "shop", { source: py4web, sessions: Sessions.in(cache) });
  // @ts-expect-error py4web has no sessions in files
  new App(environment, "shop", { source: py4web, sessions: Sessions.inFiles(shared) });
  // @ts-expect-error nor in files of one node
  new App(environment, "shop", { source: py4web, sessions: Sessions.sticky() });
  // @ts-expect-error a place is chosen by a factory
  new App(environment, "shop", { source, sessions: "database" });
});

test("an application uses services, and nothing else", () => {
  shop.uses(db);
  shop.uses(cache);
  shop.uses(shared);
  // @ts-expect-error an edge is no service
  shop.uses(edge);
  // @ts-expect-error an application is no service
  shop.uses(shop);
  // @ts-expect-error a name is no service
  shop.uses("db");
});

test("a route leads from an absolute path to an application", () => {
  expectTypeOf(Route.to(shop)).toEqualTypeOf<Route<AnyProtocol, "nothing">>();
  Route.to(shop, { at: "/shop" });
  // @ts-expect-error the slash is missing
  Route.to(shop, { at: "shop" });
  // @ts-expect-error a database is no application
  Route.to(db);
  // @ts-expect-error a route is not a path
  new Edge(environment, "edge", { server, target, tls: Tls.selfSigned(), routes: ["/shop"] });
});

test("an edge says where its certificate comes from", () => {
  // @ts-expect-error tls is required
  new Edge(environment, "edge", { server, target, routes: [] });
  const tls = Tls.acme({ email: "a@example.org" });
  new Edge(environment, "edge", { server, target, tls, routes: [] });
  // A client beside the edge asks for it.
  new Edge(environment, "edge", { server: Lighttpd.fastCgi(), target, tls, routes: [] });
  new Edge(environment, "edge", { server: Lighttpd.proxy(), target, tls, routes: [] });
  const { certificates: _, ...others } = server;
  const simple: EdgeServer<"http", "nothing"> = {
    ...others,
    sticks: { nothing: true },
    protocols: ["http"],
    certificates: { "self-signed": true, files: true },
  };
  new Edge(environment, "edge", { server: simple, target, tls: Tls.selfSigned(), routes: [] });
  // @ts-expect-error a server that has no ACME client
  new Edge(environment, "edge", { server: simple, target, tls, routes: [] });
  // @ts-expect-error whom the authority writes to is required
  Tls.acme({});
  // @ts-expect-error a chain without its key
  Tls.files({ chain: "chain.pem" });
});

test("a job is one thing to do, at its times", () => {
  shop.runs(Job.every("1 hour", { name: "report", call: "reports:send", timeout: "10 minutes" }));
  shop.runs(
    Job.cron("0 3 * * *", { name: "tidy", command: ["python", "tidy.py"], timezone: "Europe/Berlin" }),
  );
  shop.runs(Job.collectTickets({ into: db }));
  // @ts-expect-error minutes are written out
  Job.every("5m", { name: "report", call: "reports:send" });
  // @ts-expect-error nothing to do
  Job.every("5 minutes", { name: "report" });
  // @ts-expect-error two things to do
  Job.every("5 minutes", { name: "report", call: "reports:send", command: ["true"] });
  // @ts-expect-error a command is a list: no shell takes it apart
  Job.every("5 minutes", { name: "report", command: "python -m reports" });
  // @ts-expect-error no such way
  Job.every("5 minutes", { name: "report", call: "reports:send", overlap: "skip" });
  // @ts-expect-error a time zone is of the clock
  Job.every("5 minutes", { name: "report", call: "reports:send", timezone: "Europe/Berlin" });
  // @ts-expect-error tickets become rows, not items of a cache
  Job.collectTickets({ into: cache });
  // @ts-expect-error how long a session stays is required
  Job.expireSessions({ every: "5 minutes" });
  // @ts-expect-error a job is an object
  shop.runs("report");
});

test("values do not change after they were made", () => {
  // @ts-expect-error readonly
  Sessions.inCookies().place = "files";
  // @ts-expect-error readonly
  Route.to(shop).at = "/other";
  // @ts-expect-error readonly
  Concurrency.threads(2).threads = 3;
  // @ts-expect-error readonly
  Tls.selfSigned().certificate = "files";
  // @ts-expect-error readonly
  target.ports.http = target.ports.https;
  // @ts-expect-error readonly
  environment.purpose = "development";
  // @ts-expect-error private constructor
  new Concurrency(1, 1);
});

test("a mesh without virtual addresses is none", () => {
  Swarm.of(target.hosts);
  Swarm.of(target.hosts, { endpoints: "dnsrr", publish: "host" });
  Swarm.of(target.hosts, { endpoints: "vip", publish: "ingress" });
  // @ts-expect-error the mesh leads to virtual addresses only
  Swarm.of(target.hosts, { publish: "ingress" });
  // @ts-expect-error and these are none
  Swarm.of(target.hosts, { endpoints: "dnsrr", publish: "ingress" });
});
