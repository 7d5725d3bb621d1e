/**
 * Whatever a stack says, a configuration keeps its shape: a hostile value is refused by a clear error, or it stands in its
 * place like a harmless one, in as many lines, words and quotes.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import type { Protocol } from "../../../modules/app/protocol.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Balancer } from "../../../modules/balancer/balancer.ts";
import { HaProxy } from "../../../modules/balancer/haproxy/haproxy.ts";
import { Pound } from "../../../modules/balancer/pound/pound.ts";
import { Admin } from "../../../modules/edge/admin.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Lighttpd } from "../../../modules/edge/lighttpd/lighttpd.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Stickiness, type StickyBy } from "../../../modules/edge/stickiness.ts";
import type { Workload } from "../../../modules/engine/workload.ts";
import { type Certificate, Tls } from "../../../modules/tls/tls.ts";
import { Hostname } from "../../../modules/values/hostname.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { type AnyServer, anyServer } from "../../support/arbitrary-edge.ts";
import { sandbox, target } from "../../support/sandbox.ts";

/** What a stack says in words of its own, and a harmless word for each. */
const HARMLESS = {
  hostname: "shop.example.org",
  alias: "www.example.org",
  app: "shop",
  at: "/shop",
  adminPath: "/shop/admin",
  health: "/healthz",
  application: "guestbook",
  email: "webmaster@example.org",
  directory: "https://ca.example.org/directory",
  timeout: "30 seconds",
  bodyLimit: "16 MiB",
};

type Words = typeof HARMLESS;
type Place = keyof Words;

const EDGES: readonly AnyServer[] = [
  anyServer(Apache.modProxy()),
  anyServer(Apache.modWsgi()),
  anyServer(Lighttpd.fastCgi()),
  anyServer(Lighttpd.fastCgi({ over: "tcp" })),
  anyServer(Lighttpd.proxy()),
];

const ENGINES = [
  HaProxy.leastConnections({ sticky: Stickiness.byCookie() }),
  HaProxy.roundRobin({ sticky: Stickiness.byAddress() }),
  Pound.roundRobin({ sticky: Stickiness.byAddress() }),
];

/** Every edge and every balancer that says these words. */
function workloads(words: Words): Workload[] {
  const environment = sandbox();
  const made = [
    ...EDGES.map((server, at) => {
      const scope = sandbox();
      const inside = server.embed !== undefined;
      const sticky = "cookie" in server.sticks ? Stickiness.byCookie() : Stickiness.none();
      const app = new App<Protocol>(scope, words.app, { source: wsgi(words), nodes: inside ? 1 : 2 });
      const below = new App<Protocol>(scope, `other-${at}`, {
        source: Py4web.fromDirectory("examples/guestbook", { application: words.application }),
      });
      return new Edge<Protocol, StickyBy, Certificate>(scope, "edge", {
        server,
        target: target({ hostname: Hostname.of(words.hostname), aliases: [Hostname.of(words.alias)] }),
        tls:
          "acme" in server.certificates
            ? Tls.acme({ email: words.email, directory: words.directory })
            : Tls.selfSigned(),
        admin: Admin.throughTunnel(),
        timeout: words.timeout as "30 seconds",
        bodyLimit: words.bodyLimit as "16 MiB",
        routes: [
          Route.to(app, { at: words.at as "/shop", sticky }),
          ...(inside || words.at === "/" ? [] : [Route.to(below)]),
        ],
      });
    }),
    ...ENGINES.map((engine, at) => {
      const target =
        at === 0
          ? new App(environment, words.app, { source: wsgi(words), nodes: 2 })
          : new App(sandbox(), words.app, { source: wsgi(words), nodes: 2 });
      return new Balancer(at === 0 ? environment : (target.node.scope ?? environment), "balancer", {
        engine,
        target,
        timeout: words.timeout as "30 seconds",
      });
    }),
  ];
  return made.flatMap((module) => [...module.workloads()]);
}

function wsgi({ adminPath, health }: Words): Wsgi {
  return Wsgi.fromDirectory("examples/hello", {
    callable: "hello:application",
    adminPaths: [adminPath as "/admin"],
    health: health as "/healthz",
  });
}

/** Characters that a place allows beside those of ordinary words, where they mean nothing: in a quoted path, in a word. */
const INERT: { readonly [place in Place]?: RegExp } = {
  health: /[~!$&()*+,;=?]/g,
  email: /\+/g,
  directory: /~/g,
};

/** Every text with its ordinary words made alike; what means something to any of the languages stays. */
function shape(words: Words, place: Place): string[] {
  const plain = words[place].replaceAll(INERT[place] ?? /$^/g, "");
  return workloads(words).flatMap(({ files }) =>
    files.map(({ path, content }) =>
      `${path}\n${plain === words[place] ? content : content.replaceAll(words[place], plain)}`.replaceAll(
        /[A-Za-z0-9._%@:/\\-]+/g,
        "w",
      ),
    ),
  );
}

/** What some language takes for more than a letter. */
const SHARP = [
  ..."\n\r\t\v\f\0 \"'`#%$\\;,=(){}[]<>&|*?!~^+@:",
  "\r\n",
  "\\\n",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\u2029",
  "\ufeff",
  "%{REMOTE_ADDR}",
  "${PATH}",
  "%0a",
  "$(id)",
  "\nProxyPass / http://evil.example/\n",
  "</VirtualHost>",
  '"; include "/etc/passwd',
  '"] = true } os.execute("id") --',
  "--[[",
  "é",
  "ｓ",
  "İ",
];

/** Anything at all, and what is nearly good. */
const hostile = (harmless: string) =>
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc
      .tuple(fc.nat(harmless.length), fc.constantFrom(...SHARP))
      .map(([at, sharp]) => harmless.slice(0, at) + sharp + harmless.slice(at)),
  );

/** Others that are good. */
const GOOD: { readonly [place in Place]: fc.Arbitrary<string> } = {
  hostname: fc.domain(),
  alias: fc.domain(),
  app: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/),
  at: fc.stringMatching(/^\/[a-z0-9_-]{1,8}$/),
  adminPath: fc.stringMatching(/^(\/[a-z0-9_.-]{1,8}){2}$/),
  health: fc.stringMatching(/^\/[a-z0-9.~!$&()*+,;=:@%?-]{0,20}$/),
  application: fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}$/),
  email: fc
    .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9._+-]{0,8}$/), fc.domain())
    .map((parts) => parts.join("@")),
  directory: fc.webUrl({ validSchemes: ["https"] }),
  timeout: fc.integer({ min: 1, max: 3600 }).map((count) => `${count} seconds`),
  bodyLimit: fc.integer({ min: 1, max: 4096 }).map((count) => `${count} MiB`),
};

test.each(Object.keys(HARMLESS) as Place[])("%s", (place) => {
  const expected = shape(HARMLESS, place);
  const counts = { accepted: 0, refused: 0 };
  const value = fc.oneof(
    { weight: 4, arbitrary: hostile(HARMLESS[place]) },
    { weight: 1, arbitrary: GOOD[place] },
  );
  fc.assert(
    fc.property(value, (text) => {
      let found: string[];
      try {
        found = shape({ ...HARMLESS, [place]: text }, place);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidValue);
        counts.refused += 1;
        return;
      }
      // At the root of the site there is no place for another application, and no path to take away.
      if (place === "at" && text === "/") return;
      expect(found).toEqual(expected);
      counts.accepted += 1;
    }),
    { numRuns: 100, seed: 20_260 },
  );
  expect(counts.accepted).toBeGreaterThan(5);
  expect(counts.refused).toBeGreaterThan(20);
}, 60_000);
