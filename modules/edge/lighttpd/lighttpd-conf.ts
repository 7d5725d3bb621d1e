import type { Protocol } from "../../app/protocol.ts";
import { INTERMEDIATE } from "../../tls/profile.ts";
import { PAGES, type Site, type SiteApp, type StaticFiles } from "../site.ts";
import { nodesVariable, overUnix } from "./lighttpd-nodes.ts";

/** A stop, or the end of a process whose successor is there, waits so many seconds longer than a node may take. */
const LONGER = 5;

/** The text of `lighttpd.conf` for lighttpd 1.4 of Debian trixie. */
export function lighttpdConf(site: Site): string {
  const { listen, bodyLimit, timeout, apps } = site;
  return `# Written by Slipway.
server.modules = ( ${modules(site).map(quoted).join(", ")} )
server.compat-module-load = "disable"
server.pid-file = "/run/slipway/lighttpd.pid"
server.bind = "0.0.0.0"
server.port = ${listen.http}
server.tag = "lighttpd"
server.document-root = "/srv/empty"
server.errorfile-prefix = "/usr/share/slipway/errors/"
server.upload-dirs = ( "/var/tmp" )
server.max-fds = 8192
server.max-connections = 2048
# The listeners outlive a reconfiguration, and a child finishes the requests at hand.
server.systemd-socket-activation = "enable"
server.feature-flags = (
  "server.graceful-restart-bg" => "enable",
  "server.graceful-shutdown-timeout" => ${timeout.seconds + LONGER},
  "server.h2c" => "disable",
)

# Slow clients are cut, mod_slipway sees to those that are not quite idle, and large or doubtful requests are refused.
server.max-read-idle = 15
server.max-write-idle = ${timeout.seconds + LONGER}
server.max-keep-alive-idle = 5
server.max-keep-alive-requests = 1000
server.max-request-size = ${Math.ceil(bodyLimit.bytes / 1024)}
server.max-request-field-size = 32768
server.http-parseopts = (
  "header-strict" => "enable",
  "host-strict" => "enable",
  "host-normalize" => "enable",
  "url-normalize" => "enable",
  "url-normalize-unreserved" => "enable",
  "url-normalize-required" => "enable",
  "url-ctrls-reject" => "enable",
  "url-path-2f-decode" => "disable",
  "url-path-2f-reject" => "enable",
  "url-path-dotseg-remove" => "disable",
  "url-path-dotseg-reject" => "enable",
)
# Nodes get bodies that are complete, and are rid of their answers at once.
server.stream-request-body = 0
server.stream-response-body = 1

# Not even links: an application writes to the folder of its static files, and may point one at a key.
server.follow-symlink = "disable"
include "/usr/share/slipway/mime.conf"

# Standard output, which lighttpd closes: image/serve.
accesslog.filename = "/proc/self/fd/9"
accesslog.format = "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D %{node}e"

magnet.attract-raw-url-to = ( "/etc/slipway/names.lua", "/etc/slipway/request.lua" )
magnet.attract-response-start-to = ( "/etc/slipway/response.lua" )

ssl.pemfile = ${quoted(site.certificate.chain)}
ssl.privkey = ${quoted(site.certificate.key)}
ssl.openssl.ssl-conf-cmd = (
  "MinProtocol" => ${quoted(INTERMEDIATE.protocols[0])},
  "CipherString" => ${quoted(INTERMEDIATE.ciphers.join(":"))},
  "Ciphersuites" => ${quoted(INTERMEDIATE.suites.join(":"))},
  "Groups" => ${quoted(INTERMEDIATE.curves.join(":"))},
  "Options" => "-ServerPreference,-SessionTicket",
)
${[listen.https, listen.admin].map(secured).join("")}${refused(site)}
# How long a node may take; one that cannot be reached is left out for a moment. The whole path is the application's.
var.node = (
  "connect-timeout" => 1,
  "write-timeout" => ${timeout.seconds},
  "read-timeout" => ${timeout.seconds},
  "disable-time" => 1,
  "check-local" => "disable",
  "fix-root-scriptname" => "enable",
)
include "/run/slipway/nodes.conf"
${apps.filter(overUnix).map(sockets).join("")}
$HTTP["url"] == "/.slipway/health" {
  accesslog.filename = "/dev/null"
}
$HTTP["url"] =~ "^/\\.slipway/" {
  alias.url = ( "/.slipway/" => ${quoted(`${PAGES}/`)} )
}
${apps.flatMap(({ statics }) => statics.map(staticFiles)).join("")}${apps.map(application).join("")}`;
}

/** In the order in which they see a request: mod_slipway notes which node the ones before it chose. */
function modules({ apps }: Site): string[] {
  const backends = new Set(apps.map(({ protocol }) => `mod_${keyOf(protocol)}`));
  return [
    "mod_openssl",
    "mod_magnet",
    "mod_alias",
    ...backends,
    "mod_slipway",
    "mod_staticfile",
    "mod_accesslog",
  ];
}

/** What the settings for a protocol begin with. */
function keyOf(protocol: Protocol): string {
  return protocol === "http" ? "proxy" : "fastcgi";
}

function secured(port: number | undefined): string {
  return port === undefined ? "" : `$SERVER["socket"] == "0.0.0.0:${port}" { ssl.engine = "enable" }\n`;
}

/** The administration of applications, where it is refused. */
function refused({ admin, listen }: Site): string {
  if (admin === undefined) return "";
  return (
    [
      [listen.http, admin.overHttp],
      [listen.https, admin.overTls],
    ] as const
  )
    .flatMap(([port, status]) =>
      status === undefined
        ? []
        : [
            `$SERVER["socket"] == "0.0.0.0:${port}" {
  $HTTP["url"] =~ ${quoted(admin.paths)} {
    magnet.attract-raw-url-to = ( "/etc/slipway/names.lua", "/usr/share/slipway/${status}.lua" )
  }
}
`,
          ],
    )
    .join("");
}

function sockets(app: SiteApp): string {
  const hosts = app.nodes.map(
    (node) => `  ${quoted(nodeOf(node))} => ( "socket" => ${quoted(node)} ) + var.node,\n`,
  );
  return `var.${nodesVariable(app)} = (\n${hosts.join("")})\n`;
}

/** `/run/sockets/shop/shop-1.fastcgi` is that of `shop-1`. */
function nodeOf(socket: string): string {
  return socket.replace(/^.*\//, "").replace(/\..*$/, "");
}

function staticFiles({ path, folder }: StaticFiles): string {
  return `else $HTTP["url"] =~ ${quoted(`^${expression(path)}/`)} {
  alias.url = ( ${quoted(`${path}/`)} => ${quoted(`${folder}/`)} )
}
`;
}

function application(app: SiteApp): string {
  const { at, protocol, sticky } = app;
  const key = keyOf(protocol);
  const where = at === "/" ? "^/" : `^${expression(at)}(?:/|$)`;
  return `else $HTTP["url"] =~ ${quoted(where)} {
  server.error-handler = "/.slipway/again"
  ${key}.balance = ${quoted(sticky.by === "address" ? "sticky" : "round-robin")}
  ${key}.server = ( "/" => var.${nodesVariable(app)} )
}
`;
}

/** A regular expression of Perl's kind that matches this and nothing else. */
function expression(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9/_-]/g, (character) => `\\${character}`);
}

/** In a string of lighttpd a backslash stands for itself, unless a quotation mark follows. */
function quoted(value: string): string {
  // Names, routes and paths were validated where they came in.
  if (!/^(?!.*\\$)[ !#-~]*$/.test(value))
    throw new Error(`lighttpd has no way to quote ${JSON.stringify(value)}`);
  return `"${value}"`;
}
