/** Each check meets a server that behaves badly in just the way that the check is about, and has to notice. */
import type { TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import type { Check } from "../../../scripts/verify/check.ts";
import { adminClosed, adminPlain } from "../../../scripts/verify/checks/admin.ts";
import { clientAddress } from "../../../scripts/verify/checks/client-address.ts";
import { errorPages } from "../../../scripts/verify/checks/error-pages.ts";
import { failover } from "../../../scripts/verify/checks/failover.ts";
import { bodyLimit, headerEnough, pipelining } from "../../../scripts/verify/checks/limits.ts";
import { maintenance } from "../../../scripts/verify/checks/maintenance.ts";
import { everyNode } from "../../../scripts/verify/checks/nodes.ts";
import { pathTricks } from "../../../scripts/verify/checks/path-tricks.ts";
import { http2Malformed, protocols } from "../../../scripts/verify/checks/protocols.ts";
import { pagesNotShared, ranges } from "../../../scripts/verify/checks/ranges.ts";
import { redirectsAndCookies } from "../../../scripts/verify/checks/redirects-and-cookies.ts";
import { onlyNamed, routes } from "../../../scripts/verify/checks/routes.ts";
import { slowClients } from "../../../scripts/verify/checks/slow-clients.ts";
import { malformed, smuggling } from "../../../scripts/verify/checks/smuggling.ts";
import { stickiness } from "../../../scripts/verify/checks/stickiness.ts";
import {
  alpn,
  certificate,
  renegotiation,
  strictTransport,
  tlsProfile,
} from "../../../scripts/verify/checks/tls-profile.ts";
import type { DeclaredRoute } from "../../../scripts/verify/declared.ts";
import { certificateFor } from "../../support/certificate.ts";
import { type Answer, inTurn, sideBySide } from "../../support/served-checks.ts";
import { page, type Served, served } from "../../support/served-site.ts";

const DAY = 86_400_000;

/** A page with these headers at the root, and 404 elsewhere. */
const withHeaders =
  (headers: Record<string, string>, status = 200): Answer =>
  ({ url }, response) =>
    url === "/" ? void response.writeHead(status, headers).end("<h1>shop-1</h1>") : page(url ?? "", response);

/** A page at these paths, whatever stands in them, and at the root. */
const alsoAt =
  (pattern: RegExp, text = "hello", status = 200): Answer =>
  ({ url = "" }, response) =>
    pattern.test(url)
      ? void response.writeHead(status, { "content-type": "text/html" }).end(text)
      : page(url, response);

const route = (sticky: DeclaredRoute["sticky"]) => ({
  routes: [{ app: "shop", at: "/", sticky, adminPaths: [] }],
});

/** A server that answers each head with 200, whatever is in it, and takes what follows for the next one. */
const credulous = (socket: TLSSocket) => {
  let text = "";
  socket.on("data", (data) => {
    text += data.toString("latin1");
    for (let end = text.indexOf("\n\r\n"); end >= 0; end = text.indexOf("\n\r\n")) {
      text = text.slice(end + 3);
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
};

/** A server that never waits for a client that takes nothing. */
const generous = (socket: TLSSocket) => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n";
  socket.on("data", (data) => {
    const text = data.toString("latin1");
    for (const _ of text.matchAll(/\r\n\r\n/g)) socket.write(head + "a".repeat(40_000));
    if (text.includes("Connection: close")) socket.end();
  });
};

const HTML = { "content-type": "text/html" };
const CSS = `${"a".repeat(4000)}`;
const STYLED = '<link href="/static/shop.css">';

const BAD: readonly (readonly [what: string, check: Check, how: Served, seen: RegExp])[] = [
  ["a route that fails", routes, { answer: withHeaders(HTML, 500) }, /500/],
  ["an application that nobody named", onlyNamed, { answer: alsoAt(/^\/_dashboard/) }, /_dashboard: 200/],
  ["the status page of the server", onlyNamed, { answer: alsoAt(/^\/server-status/) }, /server-status: 200/],
  ["a node that is never asked", everyNode, {}, /shop-2/],
  ["no cookie for stickiness", stickiness, { answer: inTurn(), declared: route("cookie") }, /no cookie/],
  [
    "a cookie that nobody follows",
    stickiness,
    { answer: inTurn({ "set-cookie": "slipway_shop=1" }), declared: route("cookie") },
    /met/,
  ],
  ["an address without its node", stickiness, { answer: inTurn(), declared: route("address") }, /met/],
  [
    "stickiness that nobody declared",
    stickiness,
    { answer: inTurn({ "set-cookie": "slipway_shop=1" }) },
    /no stickiness/,
  ],
  [
    "a cookie of another node that keeps visitors out",
    stickiness,
    {
      answer: ({ headers }, response) =>
        response
          .writeHead(/=\.99/.test(headers.cookie ?? "") ? 503 : 200, { "set-cookie": "slipway_shop=1" })
          .end("<h1>shop-1</h1>"),
      declared: route("cookie"),
    },
    /503 with the cookie/,
  ],
  [
    "an inner address",
    redirectsAndCookies,
    { answer: withHeaders({ location: "http://shop-1:8000/" }, 302) },
    /8000/,
  ],
  [
    "a redirect to nowhere",
    redirectsAndCookies,
    { answer: withHeaders({ location: "/nowhere" }, 302) },
    /404/,
  ],
  [
    "another host",
    redirectsAndCookies,
    { answer: withHeaders({ location: "//evil.example/" }, 302) },
    /evil/,
  ],
  [
    "a cookie for everybody",
    redirectsAndCookies,
    { answer: withHeaders({ "set-cookie": "a=b; HttpOnly" }) },
    /lacks Secure/,
  ],
  [
    "a cookie for a domain",
    redirectsAndCookies,
    { answer: withHeaders({ "set-cookie": "a=b; Secure; HttpOnly; SameSite=Lax; Domain=evil.example" }) },
    /is for evil/,
  ],
  ["another name", certificate, { certificate: certificateFor("evil.example") }, /is for DNS:evil/],
  [
    "an old certificate",
    certificate,
    {
      certificate: certificateFor("localhost", {
        from: new Date(Date.now() - 2 * DAY),
        to: new Date(Date.now() - DAY),
      }),
    },
    /ended/,
  ],
  ["OpenSSL's own suites", tlsProfile, {}, /has ECDHE-ECDSA-AES128-SHA/],
  [
    "a suite too few",
    tlsProfile,
    { tls: { ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256" } },
    /lacks/,
  ],
  [
    "no HTTP/2",
    alpn,
    { raw: (socket) => socket.resume(), tls: { ALPNProtocols: ["http/1.1"] } },
    /takes http\/1\.1/,
  ],
  [
    "another status over HTTP/2",
    protocols,
    {
      answer: ({ httpVersion }, response) => response.writeHead(httpVersion === "2.0" ? 500 : 200).end("ok"),
    },
    /h2: 500/,
  ],
  ["renegotiation", renegotiation, { raw: (socket) => socket.resume() }, /negotiated again/],
  [
    "HSTS on a certificate that nobody trusts",
    strictTransport,
    { answer: withHeaders({ "strict-transport-security": "max-age=63072000" }) },
    /63072000/,
  ],
  ["no HSTS", strictTransport, { declared: { certificate: "files" } }, /none/],
  [
    "HSTS for a moment",
    strictTransport,
    {
      declared: { certificate: "files" },
      answer: (_, response) => response.setHeader("strict-transport-security", "max-age=60").end("ok"),
    },
    /=60/,
  ],
  [
    "a version on an error page",
    errorPages,
    { answer: alsoAt(/no-such/, "<h1>Not found</h1>Apache/2.4.68", 404) },
    /tells Apache\/2/,
  ],
  [
    "a trace on an error page",
    errorPages,
    { answer: alsoAt(/no-such/, "Traceback (most recent call last)", 404) },
    /Traceback/,
  ],
  [
    "success for a name that is not the site's",
    errorPages,
    { answer: (_, response) => response.writeHead(200, HTML).end("<h1>hello</h1>") },
    /another name: 200/,
  ],
  [
    "a log with the address that was claimed",
    clientAddress,
    {
      answer: ({ url }, response) => {
        logged = `192.0.2.66 127.0.0.1 "GET ${url}"`;
        response.end("ok");
      },
      engine: { logs: async () => logged },
    },
    /192\.0\.2\.66/,
  ],
  ["an open administration", adminClosed, { answer: alsoAt(/^\/admin/) }, /\/admin: 200/],
  [
    "an administration for who says to be local",
    adminClosed,
    {
      answer: ({ headers, url = "" }, response) =>
        /appadmin/.test(url) && headers["x-forwarded-for"] === "127.0.0.1"
          ? void response.writeHead(200, HTML).end("Available databases and tables")
          : page(url, response),
    },
    /as 127\.0\.0\.1: 200/,
  ],
  [
    "an administration without a password",
    adminClosed,
    {
      answer: alsoAt(/^\/admin/, "<h2>Installed applications</h2>"),
      declared: {
        admin: "over-tls",
        routes: [{ app: "shop", at: "/", sticky: "none", adminPaths: ["/admin"] }],
      },
    },
    /without a password/,
  ],
  [
    "an administration over plain http",
    adminPlain,
    { plain: (_, response) => response.end("hello") },
    /\/admin: 200/,
  ],
  [
    "ranges that multiply a file",
    ranges,
    {
      answer: ({ url, headers }, response) => {
        if (url === "/") return void response.end(STYLED);
        const count = (headers.range ?? "").split(",").length;
        return void (count > 2 ? response.writeHead(206).end(CSS.repeat(200)) : response.end(CSS));
      },
    },
    /1300 ranges/,
  ],
  [
    "a condition that is not understood",
    ranges,
    {
      answer: ({ url }, response) =>
        void response.writeHead(200, { etag: '"a"' }).end(url === "/" ? STYLED : CSS),
    },
    /200 to If-None-Match/,
  ],
  [
    "a page with a cookie that caches share",
    pagesNotShared,
    { answer: withHeaders({ "cache-control": "public, max-age=60", "set-cookie": "a=b" }) },
    /public/,
  ],
  [
    "source below a path that climbs, and a copy of an editor",
    pathTricks,
    { answer: alsoAt(/%2e%2e\/settings\.py$|\/settings\.py~$/, "import os\n\nDB_URI = 1\n") },
    /%2e%2e\/settings\.py: 200, with source in it.*settings\.py~: 200/,
  ],
  ["lengths and chunks that contradict each other", smuggling, { raw: credulous }, /CL\.TE.*two lengths/],
  ["heads that are none", malformed, { raw: credulous }, /HTTP\/0\.9.*a NUL in a value/],
  [
    "a stream that is answered whatever is in it",
    http2Malformed,
    {
      raw: (socket) => {
        // SETTINGS, then HEADERS with :status 200 on stream 1.
        const answer = "000000040000000000" + "000001010500000001" + "88";
        socket.once("data", () => socket.write(Buffer.from(answer, "hex")));
      },
    },
    /Transfer-Encoding: 200/,
  ],
  ["a body without an end", bodyLimit, { answer: (_, response) => void response.end("ok") }, /200 to more/],
  [
    "headers that are too small",
    headerEnough,
    { answer: ({ headers }, response) => void response.writeHead(headers.cookie ? 431 : 200).end("ok") },
    /431/,
  ],
  [
    "answers that are lost",
    pipelining,
    {
      raw: (socket) =>
        void socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")),
    },
    /^200$/,
  ],
  ["maintenance that nobody sees", maintenance, { engine: { docker: async () => "off" } }, /200/],
];

let logged = "";

describe("a check notices", () => {
  const outcomes = sideBySide(BAD);
  test.each(BAD)("%s", { timeout: 120_000 }, async (what, _, __, seen) => {
    const result = await outcomes(what);
    expect(result).toMatchObject({ ok: false });
    expect(result.seen).toMatch(seen);
  });

  const [handshake, header, body, reader, stream] = slowClients(1) as [Check, Check, Check, Check, Check];
  const SLOW: typeof BAD = [
    ["silence that is never cut", handshake, {}, /still open/],
    ["a header that is never cut", header, {}, /still open/],
    ["a body that is never cut", body, {}, /still open/],
    ["answers that are not taken and never cut", reader, { raw: generous }, /still served/],
    ["a stream without room that is never cut", stream, {}, /still open/],
    ["good requests that fail meanwhile", handshake, { answer: withHeaders(HTML, 503) }, /meanwhile: 503/],
  ];
  const slow = sideBySide(SLOW);
  test.each(SLOW)("%s", { timeout: 120_000 }, async (what, _, __, seen) => {
    const result = await slow(what);
    expect(result).toMatchObject({ ok: false });
    expect(result.seen).toMatch(seen);
  });

  test("a node whose death costs reads", { timeout: 120_000 }, async () => {
    let dead = false;
    const how: Served = {
      answer: (_, response) => void response.writeHead(dead ? 503 : 200).end("ok"),
      containers: [{ id: "2", node: "shop-2" }],
      engine: {
        docker: async ([command]) => {
          if (command === "kill") dead = true;
          if (command === "start") dead = false;
          return "healthy";
        },
      },
    };
    const result = await served(how, (site) => failover.run(site));
    expect(result).toMatchObject({ ok: false, seen: expect.stringMatching(/503 after shop-2/) });
  });
});
