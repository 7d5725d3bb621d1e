import fc from "fast-check";
import { App } from "../../modules/app/app.ts";
import { Concurrency } from "../../modules/app/concurrency.ts";
import type { Protocol } from "../../modules/app/protocol.ts";
import { Py4web } from "../../modules/app/py4web.ts";
import { Server } from "../../modules/app/server/server.ts";
import { Sessions } from "../../modules/app/sessions.ts";
import type { AnyPlace, Source } from "../../modules/app/source.ts";
import { Web2py } from "../../modules/app/web2py.ts";
import { Wsgi } from "../../modules/app/wsgi.ts";
import { Balancer } from "../../modules/balancer/balancer.ts";
import { HaProxy } from "../../modules/balancer/haproxy/haproxy.ts";
import { Admin, type AdminMode } from "../../modules/edge/admin.ts";
import { Edge } from "../../modules/edge/edge.ts";
import type { EdgeServer } from "../../modules/edge/edge-server.ts";
import { Route } from "../../modules/edge/route.ts";
import { Stickiness, type StickyBy } from "../../modules/edge/stickiness.ts";
import type { Environment } from "../../modules/environment/environment.ts";
import { type Certificate, Tls } from "../../modules/tls/tls.ts";
import type { DurationText } from "../../modules/values/duration.ts";
import { Hostname } from "../../modules/values/hostname.ts";
import { Port } from "../../modules/values/port.ts";
import type { SizeText } from "../../modules/values/size.ts";

/** An edge's server of any kind; which protocols and ways it knows is found in it. */
export type AnyServer = EdgeServer<Protocol, StickyBy, Certificate>;

/** Forgets what the types know of a server. */
export function anyServer<P extends Protocol, S extends StickyBy, C extends Certificate>(
  server: EdgeServer<P, S, C>,
): AnyServer {
  return server as EdgeServer<Protocol, S, C> as AnyServer;
}

/** What a stack may say of an edge and its applications, as plain data that can be printed. */
export interface AnyEdge {
  readonly target: {
    readonly hostname: string;
    readonly aliases: readonly string[];
    readonly address: string;
    readonly ports: { readonly http: number; readonly https: number; readonly admin: number };
  };
  readonly tls: AnyTls;
  readonly admin: AdminMode;
  readonly bodyLimit: SizeText;
  readonly timeout: DurationText;
  readonly apps: readonly AnyApp[];
}

export type AnyTls =
  | { readonly by: "self-signed" }
  /** From files; `responder` says whether the issuer has one (OCSP). */
  | { readonly by: "files"; readonly responder: boolean }
  /** From Let's Encrypt without a directory. */
  | { readonly by: "acme"; readonly email: string; readonly directory?: string };

export interface AnyApp {
  readonly name: string;
  readonly at: `/${string}`;
  readonly kind: "wsgi" | "py4web" | "web2py";
  /** Of an application of the kind `wsgi`; the others have their own. */
  readonly adminPaths: readonly `/${string}`[];
  readonly nodes: number;
  readonly sticky: StickyBy;
  readonly server: "any" | "gunicorn" | "mod_wsgi";
  readonly concurrency: { readonly processes: number } | { readonly threads: number };
  /** A balancer stands between. */
  readonly balanced: boolean;
}

/** Files that the edges name. */
export interface EdgeFiles {
  /** For `CERTIFIED`. */
  readonly certificates: {
    readonly [issuer in "responder" | "silent"]: { readonly chain: string; readonly key: string };
  };
  /** With which an authority's own certificate is checked. */
  readonly authority: string;
  /** With the applications shop and blog. */
  readonly web2py: string;
}

/** The names that a certificate from files is for. */
export const CERTIFIED = ["DNS:*.example.org", "DNS:localhost", "IP:192.0.2.7"] as const;

const label = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{61}[a-z0-9]$/) },
);
const dotted = fc
  .array(label, { minLength: 1, maxLength: 5 })
  .map((labels) => labels.join("."))
  .filter((name) => name.length <= 253);
const hostname = fc.oneof(
  { weight: 6, arbitrary: dotted },
  { weight: 2, arbitrary: fc.ipV4() },
  { weight: 1, arbitrary: fc.constant("localhost") },
  { weight: 1, arbitrary: dotted.map((name) => name.toUpperCase()) },
);
const certified = fc.oneof(
  { weight: 5, arbitrary: label.map((name) => `${name}.example.org`) },
  { weight: 1, arbitrary: fc.constantFrom("localhost", "192.0.2.7") },
);
const publicName = fc
  .tuple(label, label, fc.constantFrom("org", "com", "museum"))
  .map((all) => all.join("."));

const loopback = fc.constantFrom("127.0.0.1", "::1");
const address = fc.oneof(fc.ipV4(), fc.ipV6());
const port = fc.integer({ min: 1, max: 65_535 });
const ports = fc
  .uniqueArray(port, { minLength: 3, maxLength: 3 })
  .map(([http = 80, https = 443, admin = 8001]) => ({ http, https, admin }));
const usualPorts = fc.constant({ http: 80, https: 443, admin: 8001 });

const email = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,10}$/), publicName)
  .map(([mailbox, host]) => `${mailbox}@${host}`);
const directory = fc
  .tuple(
    hostname,
    fc.option(fc.integer({ min: 1, max: 65_353 })),
    fc.stringMatching(/^(\/[A-Za-z0-9._~-]{1,8}){0,3}\/?$/),
  )
  .map(([host, at, path]) => `https://${host}${at === null ? "" : `:${at}`}${path}`);

/** Names of a site, a certificate for them, and where they lead. */
function places(certificates: readonly Certificate[]): fc.Arbitrary<Pick<AnyEdge, "target" | "tls">> {
  const target = (name: fc.Arbitrary<string>, goal: fc.Arbitrary<string>, at = ports) =>
    fc
      .tuple(
        fc.uniqueArray(name, { minLength: 1, maxLength: 6, selector: (text) => text.toLowerCase() }),
        goal,
        at,
      )
      .map(([[first = "localhost", ...aliases], to, all]) => ({
        hostname: first,
        aliases,
        address: to,
        ports: all,
      }));
  const kinds = {
    "self-signed": [
      fc.record({ tls: fc.constant({ by: "self-signed" as const }), target: target(hostname, loopback) }),
    ],
    files: [
      fc.record({
        tls: fc.record({ by: fc.constant("files" as const), responder: fc.boolean() }),
        target: target(certified, address),
      }),
    ],
    acme: [
      fc.record({
        tls: fc.record({ by: fc.constant("acme" as const), email }),
        target: target(publicName, fc.ipV4(), usualPorts),
      }),
      fc.record({
        tls: fc.record({ by: fc.constant("acme" as const), email, directory }),
        target: target(hostname, address),
      }),
    ],
  };
  return fc.oneof(
    ...certificates.flatMap(
      (certificate): fc.Arbitrary<Pick<AnyEdge, "target" | "tls">>[] => kinds[certificate],
    ),
  );
}

const segment = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
const path = fc
  .array(segment, { minLength: 1, maxLength: 3 })
  .map((segments) => `/${segments.join("/")}` as const);
const adminPath = fc
  .array(fc.oneof(fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/), fc.constant("*")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((segments) => `/${segments.join("/")}` as const);
const name = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{38}[a-z0-9]$/) },
);
/** Mostly a few: they are looked up one by one. */
const nodes = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5, max: 20 }) },
);

function app(server: AnyServer): fc.Arbitrary<AnyApp> {
  const inside = server.embed !== undefined;
  const http = server.protocols.includes("http");
  return fc
    .record({
      name,
      at: fc.oneof(path, fc.constant("/" as const)),
      kind: fc.constantFrom("wsgi" as const, "wsgi" as const, "py4web" as const, "web2py" as const),
      adminPaths: fc.array(adminPath, { maxLength: 3 }),
      nodes: inside ? fc.constant(1) : nodes,
      sticky: fc.constantFrom(...(Object.keys(server.sticks) as StickyBy[])),
      server: fc.constantFrom(
        "any" as const,
        ...(http ? (["gunicorn", "mod_wsgi"] as const) : []),
        ...(inside ? (["mod_wsgi"] as const) : []),
      ),
      concurrency: fc.oneof(
        fc.record({ processes: fc.integer({ min: 1, max: 20 }) }),
        fc.record({ threads: fc.integer({ min: 1, max: 100 }) }),
      ),
      balanced: http ? fc.integer({ min: 0, max: 5 }).map((number) => number === 0) : fc.constant(false),
    })
    .map((one) => ({
      ...one,
      // Where each kind answers.
      at: one.kind === "web2py" ? "/" : one.kind === "py4web" && one.at !== "/" ? "/guestbook" : one.at,
      ...(one.balanced && { sticky: "nothing" }),
    }));
}

/** Edges of one server, nearly all of them good: what rules look at is up to them. */
export function anyEdge(server: AnyServer): fc.Arbitrary<AnyEdge> {
  return fc
    .tuple(
      places(Object.keys(server.certificates) as Certificate[]),
      fc.record({
        admin: fc.constantFrom<AdminMode>("disabled", "over-tls", "through-tunnel"),
        bodyLimit: fc.oneof(
          fc.integer({ min: 1, max: 4096 }).map((count) => `${count} MiB` as const),
          fc.integer({ min: 1, max: 100_000_000 }).map((count) => `${count} B` as const),
        ),
        timeout: fc.integer({ min: 1, max: 43_200 }).map((count) => `${count} seconds` as const),
        apps: fc.uniqueArray(app(server), {
          minLength: 1,
          maxLength: server.embed === undefined ? 4 : 1,
          comparator: (a, b) => a.name === b.name || a.at === b.at,
        }),
      }),
    )
    .map(([place, rest]) => ({ ...place, ...rest }));
}

/** The construct of such a model. */
export function edgeOf(environment: Environment, server: AnyServer, model: AnyEdge, files: EdgeFiles): Edge {
  const { target, admin, bodyLimit, timeout, apps } = model;
  return new Edge<Protocol, StickyBy, Certificate>(environment, "edge", {
    server,
    target: {
      hostname: Hostname.of(target.hostname),
      aliases: target.aliases.map((alias) => Hostname.of(alias)),
      address: target.address,
      ports: {
        http: Port.of(target.ports.http),
        https: Port.of(target.ports.https),
        admin: Port.of(target.ports.admin),
      },
    },
    tls: tlsOf(model.tls, files),
    admin: ADMINS[admin](),
    bodyLimit,
    timeout,
    routes: apps.map((one) => routeOf(environment, one, files)),
  });
}

const ADMINS = {
  disabled: () => Admin.disabled(),
  "over-tls": () => Admin.overTls(),
  "through-tunnel": () => Admin.throughTunnel(),
} as const;

function tlsOf(model: AnyTls, { certificates, authority }: EdgeFiles): Tls {
  switch (model.by) {
    case "self-signed":
      return Tls.selfSigned();
    case "files":
      return Tls.files(certificates[model.responder ? "responder" : "silent"]);
    case "acme":
      return Tls.acme({
        email: model.email,
        ...(model.directory !== undefined && { directory: model.directory, authority }),
      });
  }
}

function routeOf(environment: Environment, model: AnyApp, files: EdgeFiles): Route | Route<"http"> {
  const { name: id, at, nodes: count, concurrency, balanced } = model;
  const made = new App<Protocol>(environment, id, {
    source: sourceOf(model, files),
    nodes: count,
    memory: "16 GiB",
    sessions: Sessions.inCookies(),
    concurrency:
      "threads" in concurrency
        ? Concurrency.threads(concurrency.threads)
        : Concurrency.processes(concurrency.processes),
    ...(model.server !== "any" && { server: SERVERS[model.server]() as unknown as Server<Protocol> }),
  });
  if (!balanced) return Route.to(made, { at, sticky: STICKINESS[model.sticky]() });
  return Route.to(
    new Balancer(environment, `b-${id}`.slice(0, 40).replace(/-+$/, ""), {
      engine: HaProxy.leastConnections(),
      target: made,
    }),
    {
      at,
    },
  );
}

const SERVERS = {
  gunicorn: () => Server.gunicorn({ maximumRequests: 1000 }),
  mod_wsgi: () => Server.modWsgi({ maximumRequests: 1000 }),
} as const;

const STICKINESS = {
  nothing: () => Stickiness.none(),
  cookie: () => Stickiness.byCookie(),
  address: () => Stickiness.byAddress(),
} as const;

function sourceOf({ kind, adminPaths }: AnyApp, { web2py }: EdgeFiles): Source<AnyPlace> {
  switch (kind) {
    case "wsgi":
      return Wsgi.fromDirectory("examples/hello", { callable: "hello:application", adminPaths });
    case "py4web":
      return Py4web.fromDirectory("examples/guestbook");
    case "web2py":
      return Web2py.fromDirectory(web2py, { applications: ["shop", "blog"] });
  }
}
