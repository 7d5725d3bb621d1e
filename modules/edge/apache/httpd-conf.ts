import { INTERMEDIATE } from "../../tls/profile.ts";
import { PAGES, type Site, type SiteApp } from "../site.ts";
import { CLAIMED, responseHeaders, SECURE_COOKIES } from "./headers-conf.ts";
import { proxied, retry, staticFiles } from "./mod-proxy-conf.ts";
import { askAgain, daemon, embedded, WSGI_MODULES } from "./mod-wsgi-conf.ts";
import { names, refused, toTls, unwanted } from "./request-rules.ts";
import { tlsEngine, tlsProfile } from "./tls-conf.ts";

/** What the configuration uses; Debian compiles core, log_config, unixd and watchdog in. */
const MODULES = [
  [
    "mpm_event",
    "alias",
    "authz_core",
    "buffer",
    "env",
    "headers",
    "http2",
    "mime",
    "reqtimeout",
    "rewrite",
    "setenvif",
  ],
  [
    "proxy",
    "proxy_balancer",
    "proxy_hcheck",
    "proxy_http",
    "proxy_uwsgi",
    "lbmethod_bybusyness",
    "slotmem_shm",
  ],
  ["socache_shmcb", "ssl"],
].flat();

/** The text of `httpd.conf` for Apache 2.4 of Debian trixie. */
export function httpdConf(model: Site): string {
  const python = model.apps.some((app) => app.daemon !== undefined);
  return `# Written by Slipway.
ServerRoot /etc/apache2
DefaultRuntimeDir /run/apache2
PidFile /run/apache2/apache2.pid
${[...MODULES, ...(model.acme ? ["md"] : []), ...(python ? WSGI_MODULES : [])].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`).join("")}
ServerName ${model.hostnames[0]}
Listen ${model.listen.http}
Listen ${model.listen.https}
${
  model.listen.admin === undefined
    ? ""
    : `Listen ${model.listen.admin}
`
}ServerTokens Prod
ServerSignature Off
TraceEnable Off
Protocols h2 http/1.1${model.acme ? " acme-tls/1" : ""}
TypesConfig /etc/mime.types
AddDefaultCharset Off

# A handshake or a header that is on its way occupies a thread: there are enough of them for 500 slow clients and all
# others, from the start, and their stacks are small. There is room for the processes of earlier configurations.
ServerLimit 16
StartServers 4
ThreadLimit 256
ThreadsPerChild 256
MaxRequestWorkers 1024
MinSpareThreads 256
MaxSpareThreads 1024
ThreadStackSize 524288
ListenBacklog 1024
H2MinWorkers 8
# In KiB, of each thread.
MaxMemFree 64

# Slow clients are cut, large requests refused.
Timeout 15
KeepAliveTimeout 5
MaxKeepAliveRequests 1000
RequestReadTimeout handshake=10 header=10-18,MinRate=500 body=15,MinRate=500
LimitRequestBody ${model.bodyLimit.bytes}
LimitRequestFields 50
LimitRequestFieldSize 8190
# A stop lets requests finish, for this many seconds.
GracefulShutdownTimeout 20

LogFormat "%a %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D %{BALANCER_WORKER_NAME}e" combined_with_node
CustomLog "|$exec access-log" combined_with_node "expr=%{REQUEST_URI} !~ m#^/\\.slipway/health$#"
ErrorLog /proc/self/fd/2
LogLevel warn ssl:error

${tlsProfile(model)}
<Directory />
  AllowOverride None
  # Not even links: an application writes to the folder of its static files, and may point one at a key.
  Options None
  Require all denied
</Directory>

${CLAIMED}

${responseHeaders()}

${model.apps.map((app) => daemon(app, model.timeout)).join("")}# First of its port, so that it takes every name that is not the site's.
<VirtualHost *:${model.listen.http}>
  ServerName unknown.invalid
  Redirect 421 /
</VirtualHost>

<VirtualHost *:${model.listen.http}>
${names(model.hostnames)}
  RequestHeader set X-Forwarded-Proto http
  RewriteEngine On
${refused(model, "overHttp")}${toTls(model)}</VirtualHost>

${secured(model, model.listen.https, model.hostnames, [
  ...(model.strictTransport
    ? [`  Header always set Strict-Transport-Security "max-age=${INTERMEDIATE.strictTransport}"\n`]
    : []),
  refused(model, "overTls"),
])}${
  model.listen.admin === undefined
    ? ""
    : `
# The end of the tunnel: published on the loopback address of the host alone.
${secured(model, model.listen.admin, [...new Set([...model.hostnames, "localhost", "127.0.0.1"])])}`
}`;
}

/** A listener with TLS that serves the site. */
function secured(
  model: Site,
  port: number,
  hostnames: readonly string[],
  own: readonly string[] = [],
): string {
  const { apps } = model;
  return `<VirtualHost *:${port}>
  ServerName unknown.invalid
${tlsEngine(model)}
  Redirect 421 /
</VirtualHost>

<VirtualHost *:${port}>
${names(hostnames)}
${tlsEngine(model)}
  RewriteEngine On
${unwanted(model)}${own.join("")}  RequestHeader set X-Forwarded-Proto https
${SECURE_COOKIES}
  Alias /.slipway/ ${PAGES}/
  ProxyPass /.slipway !
${apps.some(({ protocol }) => protocol !== "uwsgi") ? "  ProxyPreserveHost On\n  # The headers above say it already.\n  ProxyAddHeaders Off\n  # A body is taken in before a node is asked, whom a slow one would occupy; only behind a filter mod_proxy does so.\n  SetInputFilter BUFFER\n  SetEnv proxy-sendcl 1\n" : ""}  <Directory ${PAGES}>
    Require all granted
    Header always set Cache-Control no-store
  </Directory>
  <FilesMatch "^(unavailable|maintenance)\\.html$">
    Header always set Retry-After 5
  </FilesMatch>

${apps.map(askAgain).join("")}${retry(apps)}
${apps.map((app) => (app.daemon === undefined ? proxied(app, model.timeout) : embedded(app) + app.statics.map(staticFiles).join(""))).join("\n")}${elsewhere(apps)}</VirtualHost>
`;
}

/** Without an application at the root, there is nothing at most paths; Apache itself would find its own files forbidden. */
function elsewhere(apps: readonly SiteApp[]): string {
  if (apps.some(({ at }) => at === "/")) return "";
  const known = ["/\\.slipway/", ...apps.map(({ at }) => `${at}(?:/|$)`)];
  return `
  RedirectMatch 404 "^(?!${known.join("|")})"
`;
}
