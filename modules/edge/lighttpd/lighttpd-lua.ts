/** The scripts of mod_magnet: what a visitor of lighttpd meets before and after an application. */
import { CHALLENGES } from "../../tls/acme-client/dehydrated-conf.ts";
import { INTERMEDIATE } from "../../tls/profile.ts";
import { InvalidValue } from "../../values/invalid-value.ts";
import { MAINTENANCE, METHODS, PAGES, type Site, type SiteApp } from "../site.ts";

/** What a visitor claims about the way here. */
const CLAIMS = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-forwarded-prefix",
  "x-forwarded-port",
  "x-forwarded-ssl",
  "x-forwarded-scheme",
  "x-py4web-appname",
  "x-script-name",
  "x-real-ip",
  "x-host",
  "proxy",
];
const MOST_HEADERS = 50;
/** How often what only reads is asked again: the next node may be dying as well, and one that is alone is asked once more. */
const AGAIN = 2;

/** Refuses names that are not the site's. */
export function namesLua({ hostnames, listen }: Site): string {
  return `-- Written by Slipway.
local r = lighty.r
local attr = r.req_attr
local names = ${set(hostnames)}
${listen.admin === undefined ? "" : `if attr["request.server-port"] == ${text(`${listen.admin}`)} then names["localhost"], names["127.0.0.1"] = true, true end\n`}-- An error of lighttpd's own comes by here once more.
if not r.req_env["REDIRECT_STATUS"] and not names[(attr["uri.authority"] or ""):match("^[^:]*")] then return 421 end
return 0
`;
}

/**
 * What becomes of a request before it is served.
 * @throws InvalidValue when an application is where the one at the root of the site has its paths
 */
export function requestLua({ apps, listen, publicHttpsPort, acme }: Site): string {
  requireDistinct(apps);
  return `-- Written by Slipway.
local r = lighty.r
local header, attr, env = r.req_header, r.req_attr, r.req_env
local path, method = attr["uri.path"], attr["request.method"]

local function page(name)
  r.resp_header["Content-Type"] = "text/html; charset=utf-8"
  r.resp_header["Retry-After"] = "5"
  r.resp_header["Cache-Control"] = "no-store"
  r.resp_body.set({ { filename = ${text(`${PAGES}/`)} .. name } })
  return 503
end

-- An error of lighttpd's own comes by here once more, as a request for this path.
local failed = tonumber(env["REDIRECT_STATUS"])
if failed and path == "/.slipway/again" then
  if failed < 500 then return failed end
  local tries = tonumber(env["SLIPWAY_TRIES"] or 0)
  if failed > 503 or tries >= ${AGAIN} then return page("unavailable.html") end
  -- A node died in the middle of a request that only reads, or could not be reached any more: another one is asked.
  env["SLIPWAY_TRIES"] = tostring(tries + 1)
  env["REDIRECT_STATUS"] = "503"
  attr["request.uri"] = attr["request.orig-uri"]
  return lighty.RESTART_REQUEST
end

local methods = ${set(METHODS)}
if not methods[method] then return 405 end
-- lighttpd takes the last space of the line for the end of the address; others take the first.
if attr["request.orig-uri"]:find(" ", 1, true) then return 400 end

-- What a visitor claims about the way here is replaced, never believed. An underscore would pass for a hyphen.
local claims = ${set(CLAIMS)}
local refused, count = {}, 0
for name in pairs(header) do
  count = count + 1
  if claims[name:lower()] or name:find("_", 1, true) then refused[#refused + 1] = name end
end
if count > ${MOST_HEADERS} then return 431 end
for _, name in ipairs(refused) do header[name] = nil end

if attr["request.server-port"] == ${text(`${listen.http}`)} then
${acme === undefined ? "" : challenge()}  r.resp_header["Location"] = "https://" .. attr["uri.authority"]:match("^[^:]*") .. ${text(publicHttpsPort === 443 ? "" : `:${publicHttpsPort}`)} .. attr["request.orig-uri"]
  return 308
end

local function below(folder)
  return path:sub(1, #folder + 1) == folder .. "/"
end
if below("/.slipway") then return 0 end
if lighty.c.stat(${text(MAINTENANCE)}) then return page("maintenance.html") end
${apps.flatMap(({ statics }) => statics.map(({ path }) => versioned(path))).join("")}
if (method ~= "GET" and method ~= "HEAD") or header["Content-Length"] or header["Transfer-Encoding"] then
  env["SLIPWAY_TRIES"] = "${AGAIN}"
end
header["X-Forwarded-Host"] = header["Host"]
header["X-Forwarded-Proto"] = attr["uri.scheme"]
${apps.map(mounted).join("else")}${apps.length > 0 ? "end\n" : ""}return 0
`;
}

/** What becomes of every answer. */
export function responseLua({ apps, listen, strictTransport }: Site): string {
  return `-- Written by Slipway.
local r = lighty.r
local header, attr = r.resp_header, r.req_attr
header["Server"] = "lighttpd"
header["X-Powered-By"] = nil

-- What an application says itself stays.
local function default(name, value)
  if not header[name] then header[name] = value end
end
default("X-Content-Type-Options", "nosniff")
default("Referrer-Policy", "strict-origin-when-cross-origin")
default("X-Frame-Options", "SAMEORIGIN")
default("Content-Security-Policy", "base-uri 'self'; object-src 'none'; frame-ancestors 'self'")
default("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
${strictTransport ? `if attr["request.server-port"] == ${text(`${listen.https}`)} then header["Strict-Transport-Security"] = ${text(`max-age=${INTERMEDIATE.strictTransport}`)} end\n` : ""}
-- A cookie that an application forgot to keep off plain http. Several stand in lines of one text.
local cookies = header["Set-Cookie"]
if cookies then
  header["Set-Cookie"] = cookies:gsub("[^\\r\\n]+", function(cookie)
    local says = (cookie:lower() .. ";"):find(";%s*secure%s*;")
    return says and cookie or cookie .. "; Secure"
  end)
end

local path = attr["request.orig-uri"] or ""
local function below(folder)
  return path:sub(1, #folder + 1) == folder .. "/"
end
if below("/.slipway") then
  header["Cache-Control"] = "no-store"
  if path:find("^/%.slipway/%a+%.html$") then header["Retry-After"] = "5" end
${apps.flatMap(({ statics }) => statics.map(({ path }) => cached(path))).join("")}elseif r.req_item.http_status == 503 and r.req_env["REDIRECT_STATUS"] then
  header["Retry-After"] = "5"
end
return 0
`;
}

/** What an authority looks for, and nothing else that may be in the folder (RFC 8555, section 8.3). */
function challenge(): string {
  return `  local token = path:match("^/%.well%-known/acme%-challenge/([%w_-]+)$")
  if token then
    local file = ${text(`${CHALLENGES}/`)} .. token
    local stat = lighty.c.stat(file)
    if not (stat and stat.is_file) then return 404 end
    r.resp_header["Content-Type"] = "application/octet-stream"
    r.resp_body.set({ { filename = file } })
    return 200
  end
`;
}

/** A version in the address of a static file is none in its path. */
function versioned(at: string): string {
  return `if below(${text(at)}) then
  attr["uri.path"] = path:gsub(${text(`^${pattern(at)}/_%d+%.%d+%.%d+/`)}, ${text(`${at}/`)})
  return 0
end
`;
}

function cached(at: string): string {
  return `elseif below(${text(at)}) and r.req_item.http_status < 400 then
  -- With a version in the address, the file behind it never changes.
  local forever = path:find(${text(`^${pattern(at)}/_%d+%.%d+%.%d+/`)})
  header["Cache-Control"] = forever and "public, max-age=31536000, immutable" or "public, max-age=3600"
`;
}

/** What an application is told. mod_proxy tells the address by itself. */
function mounted({ at, protocol, prefix, headers }: SiteApp): string {
  return `if ${at === "/" ? "true" : `path == ${text(at)} or below(${text(at)})`} then
${protocol === "http" ? "" : '  header["X-Forwarded-For"] = attr["request.remote-addr"]\n'}${Object.entries(
  headers,
)
  .map(([name, value]) => `  header[${text(name)}] = ${text(value)}\n`)
  .join(
    "",
  )}${prefix === "" ? "" : `  attr["uri.path"] = ${text(prefix)} .. path\n  attr["request.uri"] = ${text(prefix)} .. attr["request.uri"]\n`}`;
}

/** The prefix is there before lighttpd looks for the application. */
function requireDistinct(apps: readonly SiteApp[]): void {
  for (const { name, prefix } of apps) {
    const taken = apps.find(({ at }) => prefix !== "" && at !== "/" && `${prefix}/`.startsWith(`${at}/`));
    if (taken === undefined) continue;
    throw new InvalidValue({
      what: `route to ${taken.name} behind lighttpd`,
      got: taken.at,
      allowed: `another path than ${prefix}, which is where ${name} has its own`,
      fix: `Write at: "${taken.at}-2", or use Apache.modProxy()`,
    });
  }
}

function set(names: readonly string[]): string {
  return `{ ${names.map((name) => `[${text(name)}] = true`).join(", ")} }`;
}

/** A string of Lua: what is not plain is written as its number. */
function text(value: string): string {
  const bytes = [...Buffer.from(value)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /^[\w !#-&(-/:-@[\]^{}|~]$/.test(character) ? character : `\\${String(byte).padStart(3, "0")}`;
  });
  return `"${bytes.join("")}"`;
}

/** A pattern of Lua that matches this and nothing else. */
function pattern(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9/]/g, (character) => `%${character}`);
}
