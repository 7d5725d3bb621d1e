import { CLAIMED, responseHeaders, SECURE_COOKIES } from "../../edge/apache/headers-conf.ts";
import { staticFolder } from "../../edge/apache/mod-proxy-conf.ts";
import { mount } from "../../edge/apache/mod-wsgi-conf.ts";
import { names, refused, toTls, unwanted } from "../../edge/apache/request-rules.ts";
import { tlsEngine, tlsProfile } from "../../edge/apache/tls-conf.ts";
import type { Site, SiteApp, StaticFiles } from "../../edge/site.ts";
import { INTERMEDIATE } from "../../tls/profile.ts";
import { relocated } from "../export/relocation.ts";

/** Modules beside core, which Apache Lounge's own httpd.conf may load already. */
const MODULES = ["alias", "authz_core", "headers", "mime", "reqtimeout", "rewrite", "setenvif"] as const;
const TLS_MODULES = ["socache_shmcb", "ssl"] as const;
/** The port that Apache Lounge's own httpd.conf listens on. */
const STOCK_PORT = 80;

export interface WindowsSite {
  readonly stack: string;
  readonly site: Site;
  readonly app: Pick<SiteApp, "at" | "prefix" | "headers">;
  readonly statics: readonly StaticFiles[];
  /** Address that visitors are served at; null for all of the machine. */
  readonly address: string | null;
  /** Folder of the application. */
  readonly root: string;
  /** Requests that the application works on at a time. */
  readonly threads: number;
}

/** The text of `conf/extra/slipway-<stack>.conf`, which httpd.conf includes after everything of its own. */
export function windowsConf({ stack, site, app, statics, address, root, threads }: WindowsSite): string {
  const { http, https, admin } = site.listen;
  const at = (port: number) => (address === null || address === "0.0.0.0" ? `${port}` : `${address}:${port}`);
  const served = `${statics.map((files) => staticFolder(files)).join("")}${mount(app, `${root}/slipway_site.py`)}`;
  return `# Written by Slipway for Apache 2.4 on Windows; httpd.conf includes it as its last line.
${[...MODULES, ...TLS_MODULES].map(loaded).join("")}# LoadFile, LoadModule and WSGIPythonHome of mod_wsgi, as mod_wsgi-express module-config says them on this machine.
Include conf/extra/slipway-${stack}-python.conf

${http === STOCK_PORT ? "# httpd.conf listens on 80 itself.\n" : `Listen ${at(http)}\n`}Listen ${at(https)}
${admin === undefined ? "" : `# The end of a tunnel to the administration.\nListen 127.0.0.1:${admin}\n`}ServerTokens Prod
ServerSignature Off
TraceEnable Off
AddDefaultCharset Off

# mod_wsgi has no daemons on Windows: the application runs in the one process of Apache, and these are its threads. As
# many as all nodes of the stack have, for that is what its role in the database allows.
<IfModule mpm_winnt_module>
  ThreadsPerChild ${threads}
</IfModule>
WSGIApplicationGroup %{GLOBAL}
WSGIScriptReloading Off
# As any other server has it: the application may ask for a password itself, and read a body of unknown length.
WSGIPassAuthorization On
WSGIChunkedRequest On

# Slow clients are cut, large requests refused.
Timeout 15
KeepAliveTimeout 5
RequestReadTimeout handshake=10 header=10-18,MinRate=500 body=15,MinRate=500
LimitRequestBody ${site.bodyLimit.bytes}
LimitRequestFields 50
LimitRequestFieldSize 8190

${relocated(tlsProfile(site), new Map([["/run/apache2", "logs"]]))}
# One file may be read of the application, and its static files: no source, no settings, no secrets.
<Directory />
  AllowOverride None
  Options None
  Require all denied
</Directory>
<Directory ${root}>
  AllowOverride None
  Options None
  Require all denied
  <Files slipway_site.py>
    Require all granted
  </Files>
</Directory>

${CLAIMED}

${responseHeaders()}

# First of its port, so that it takes every name that is not the site's.
<VirtualHost *:${http}>
  ServerName unknown.invalid
  Redirect 421 /
</VirtualHost>

<VirtualHost *:${http}>
${names(site.hostnames)}
  RewriteEngine On
${refused(site, "overHttp")}${toTls(site)}</VirtualHost>

${secured(site, https, site.hostnames, [
  site.strictTransport
    ? `  Header always set Strict-Transport-Security "max-age=${INTERMEDIATE.strictTransport}"\n`
    : "",
  refused(site, "overTls"),
  served,
])}${
  admin === undefined
    ? ""
    : `
# The end of the tunnel, which serves the administration as well.
${secured(site, admin, [...new Set([...site.hostnames, "localhost", "127.0.0.1"])], [served])}`
}`;
}

function secured(site: Site, port: number, hostnames: readonly string[], own: readonly string[]): string {
  return `<VirtualHost *:${port}>
  ServerName unknown.invalid
${tlsEngine(site)}
  Redirect 421 /
</VirtualHost>

<VirtualHost *:${port}>
${names(hostnames)}
${tlsEngine(site)}
  CustomLog logs/slipway-access.log combined
  ErrorLog logs/slipway-error.log
  RewriteEngine On
${unwanted(site)}  RequestHeader set X-Forwarded-Proto https
${SECURE_COOKIES}${own.join("")}</VirtualHost>
`;
}

function loaded(name: string): string {
  return `<IfModule !${name}_module>
  LoadModule ${name}_module modules/mod_${name}.so
</IfModule>
`;
}
