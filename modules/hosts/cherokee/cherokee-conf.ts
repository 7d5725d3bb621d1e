import type { Site, StaticFiles } from "../../edge/site.ts";
import { INTERMEDIATE } from "../../tls/profile.ts";
import { USER } from "./cherokee-layout.ts";

/** An application that Cherokee starts by itself when nobody answers at its socket. */
export interface FastCgiSource {
  readonly name: string;
  /** Path on the site, `/` or without a slash at its end. */
  readonly at: string;
  readonly socket: string;
  /** The program that is started. */
  readonly interpreter: string;
  readonly statics: readonly StaticFiles[];
}

export interface CherokeeSite {
  readonly stack: string;
  readonly site: Site;
  /** Address that visitors are served at; null for all of the machine. */
  readonly address: string | null;
  readonly sources: readonly FastCgiSource[];
  /** A folder with nothing in it: there is no file that nobody named. */
  readonly emptyFolder: string;
}

/** A rule: what it matches and what is done then, as lines below its own prefix. */
type Rule = readonly string[];

/** Number of the listeners. */
const BIND = { http: 1, https: 2, admin: 3 } as const;
/** Virtual servers; the one with the highest number is asked first, and `default` has to be the lowest. */
const VSERVER = { unknown: 1, site: 10 } as const;

/** The first line of `cherokee.conf`: Cherokee's own administration writes no comments, so it tells a file of ours. */
export function writtenFor(stack: string): string {
  return `## Written by Slipway for the stack ${stack} and Cherokee 1.2.`;
}

/**
 * The text of `cherokee.conf`, with keys as Cherokee 1.2.104 reads them (cherokee/server.c, virtual_server.c,
 * config_entry.c, source_interpreter.c, handler_cgi_base.c, rule_*.c of https://github.com/cherokee/webserver).
 */
export function cherokeeConf({ stack, site, address, sources, emptyFolder }: CherokeeSite): string {
  const { listen } = site;
  return `${writtenFor(stack)}
server!user = ${USER}
server!group = ${USER}
server!server_tokens = product
server!pid_file = /run/cherokee.pid
server!timeout = 15
server!keepalive = 1
server!keepalive_max_requests = 500
${bind(BIND.http, listen.http, address)}${bind(BIND.https, listen.https, address, "tls")}${
  listen.admin === undefined
    ? ""
    : `## The end of a tunnel to the administration.\n${bind(BIND.admin, listen.admin, "127.0.0.1", "tls")}`
}
## Cherokee knows TLS up to 1.2, of which these are left.
server!tls = libssl
${["SSLv2", "SSLv3", "TLSv1", "TLSv1_1"].map((name) => `server!tls!protocol!${name} = 0\n`).join("")}server!tls!protocol!TLSv1_2 = 1

${sources.map(source).join("\n")}
## The site, by its names.
${vserver(VSERVER.site, site, emptyFolder)}vserver!${VSERVER.site}!match = wildcard
${site.hostnames.map((name, at) => `vserver!${VSERVER.site}!match!domain!${at + 1} = ${name}\n`).join("")}${
  site.strictTransport
    ? `vserver!${VSERVER.site}!hsts = 1\nvserver!${VSERVER.site}!hsts!max_age = ${INTERMEDIATE.strictTransport}\nvserver!${VSERVER.site}!hsts!subdomains = 0\n`
    : ""
}
${rules(VSERVER.site, siteRules(site, sources))}
## Whoever asks for another name.
${vserver(VSERVER.unknown, site, emptyFolder)}
${rules(VSERVER.unknown, [["match = default", ...answers(404)]])}
## What a static file is.
${MIME.map(([type, extensions]) => `mime!${type}!extensions = ${extensions}\n`).join("")}`;
}

const MIME = [
  ["application/javascript", "js,mjs"],
  ["application/json", "json"],
  ["application/pdf", "pdf"],
  ["font/woff", "woff"],
  ["font/woff2", "woff2"],
  ["image/gif", "gif"],
  ["image/jpeg", "jpeg,jpg"],
  ["image/png", "png"],
  ["image/svg+xml", "svg"],
  ["image/webp", "webp"],
  ["image/x-icon", "ico"],
  ["text/css", "css"],
  ["text/html", "html,htm"],
  ["text/plain", "txt"],
] as const;

function bind(number: number, port: number, address: string | null, tls?: "tls"): string {
  return [
    `server!bind!${number}!port = ${port}`,
    ...(address === null || address === "0.0.0.0" ? [] : [`server!bind!${number}!interface = ${address}`]),
    `server!bind!${number}!tls = ${tls ? 1 : 0}`,
    "",
  ].join("\n");
}

function source({ name, socket, interpreter }: FastCgiSource, index: number): string {
  const prefix = `source!${index + 1}`;
  return `## Started by Cherokee when nobody answers there; the seconds are how long that may take.
${prefix}!nick = ${name}
${prefix}!type = interpreter
${prefix}!host = ${socket}
${prefix}!interpreter = ${interpreter}
${prefix}!user = ${USER}
${prefix}!group = ${USER}
${prefix}!timeout = 60
${prefix}!env_inherited = 0
`;
}

function vserver(number: number, { certificate, bodyLimit }: Site, emptyFolder: string): string {
  const prefix = `vserver!${number}`;
  return `${prefix}!nick = ${number === VSERVER.unknown ? "default" : "site"}
${prefix}!document_root = ${emptyFolder}
${prefix}!ssl_certificate_file = ${certificate.chain}
${prefix}!ssl_certificate_key_file = ${certificate.key}
${prefix}!ssl_ciphers = ${INTERMEDIATE.ciphers.join(":")}
${prefix}!ssl_cipher_server_preference = 0
${prefix}!ssl_compression = 0
${prefix}!post_max_len = ${bodyLimit.bytes}
${prefix}!logger = combined
${prefix}!logger!access!type = file
${prefix}!logger!access!filename = /var/log/cherokee/access.log
${prefix}!error_writer!type = file
${prefix}!error_writer!filename = /var/log/cherokee/error.log
`;
}

/** The first that matches answers. */
function siteRules(site: Site, sources: readonly FastCgiSource[]): readonly Rule[] {
  const { admin, listen, publicHttpsPort } = site;
  const atRoot = sources.find(({ at }) => at === "/");
  return [
    ...(admin === undefined ? [] : [overHttp(requestPattern(admin.paths), admin.overHttp)]),
    [
      "match = not",
      "match!right = tls",
      ...redirect("^(.*)$", `https://\${host}${port(publicHttpsPort)}$1`, 1),
    ],
    ...(admin?.overTls === undefined
      ? []
      : [
          listen.admin === undefined
            ? [...request(requestPattern(admin.paths)), ...answers(admin.overTls)]
            : publicly(requestPattern(admin.paths), admin.overTls),
        ]),
    ...sources.flatMap(({ statics }) => statics.flatMap(staticRules)),
    ...sources.flatMap((one, index): readonly Rule[] =>
      one.at === "/" ? [] : [[...request(`^${one.at}(?:/|\\?|$)`), ...fastCgi(index)]],
    ),
    ["match = default", ...(atRoot === undefined ? answers(404) : fastCgi(sources.indexOf(atRoot)))],
  ];
}

/**
 * The pattern of an administration's paths for what Cherokee matches: the decoded path and, behind a question mark, the
 * query (rule_request.c), which must neither hide a path nor make one.
 */
export function requestPattern(paths: string): string {
  return paths.replaceAll("[^/\\x5c]", "[^/\\x5c?]").replaceAll("|$)", "|\\?|$)");
}

function request(pattern: string): Rule {
  return ["match = request", `match!request = ${pattern}`];
}

/** Where nothing is typed: plain http. */
function overHttp(pattern: string, status: number): Rule {
  return [
    "match = and",
    "match!left = request",
    `match!left!request = ${pattern}`,
    "match!right = not",
    "match!right!right = tls",
    ...answers(status),
  ];
}

/** Everywhere but at the end of the tunnel. */
function publicly(pattern: string, status: number): Rule {
  return [
    "match = and",
    "match!left = request",
    `match!left!request = ${pattern}`,
    "match!right = not",
    "match!right!right = bind",
    `match!right!right!bind!1 = ${BIND.admin}`,
    ...answers(status),
  ];
}

function answers(status: number): Rule {
  return ["handler = custom_error", `handler!error = ${status}`];
}

/** @param show 0 asks anew by itself, 1 sends the visitor there */
function redirect(regex: string, substring: string, show: 0 | 1): Rule {
  return [
    "handler = redir",
    `handler!rewrite!1!show = ${show}`,
    `handler!rewrite!1!regex = ${regex}`,
    `handler!rewrite!1!substring = ${substring}`,
  ];
}

function staticRules({ path, folder }: StaticFiles): readonly Rule[] {
  const versioned = `^${path}/_\\d+\\.\\d+\\.\\d+/(.+)$`;
  return [
    // The version in an address is for caches alone.
    [...request(versioned), ...redirect(versioned, `${path}/$1`, 0)],
    [
      "match = directory",
      `match!directory = ${path}`,
      "handler = file",
      "handler!iocache = 1",
      `document_root = ${folder}`,
      "expiration = time",
      "expiration!time = 1h",
    ],
  ];
}

function fastCgi(index: number): Rule {
  return [
    "handler = fcgi",
    "handler!error_handler = 1",
    // There is no file behind a path.
    "handler!check_file = 0",
    "handler!pass_req_headers = 1",
    "handler!xsendfile = 0",
    "handler!balancer = round_robin",
    `handler!balancer!source!1 = ${index + 1}`,
    "timeout = 60",
  ];
}

function rules(vserver: number, all: readonly Rule[]): string {
  return all
    .map((rule, at) => {
      // The highest number is asked first.
      const prefix = `vserver!${vserver}!rule!${(all.length - at) * 10}`;
      return rule.map((line) => `${prefix}!${line}\n`).join("");
    })
    .join("\n");
}

function port(number: number): string {
  return number === 443 ? "" : `:${number}`;
}
