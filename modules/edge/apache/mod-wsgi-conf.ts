import { HEALTH_PORT } from "../../app/server/server.ts";
import { ENTRY, wsgiDaemon } from "../../app/server/wsgi-daemon.ts";
import type { Duration } from "../../values/duration.ts";
import { MAINTENANCE, type SiteApp } from "../site.ts";

/** Port on the loopback interface for what has to be taken in first, and for what only reads and is asked again. */
const INSIDE_PORT = 8005;
/** Where this waits first. */
const PAUSE = "/opt/slipway/site/pause.lua";
/** Exists once the application has been prepared: mod-wsgi/site/entrypoint. */
const PREPARED = "/run/slipway/prepared";

/** Modules beside those of every edge. */
export const WSGI_MODULES = ["lua", "remoteip", "wsgi"] as const;

/** For all virtual hosts: the application's daemon, and what only the container itself can reach. */
export function daemon(app: SiteApp, timeout: Duration): string {
  if (app.daemon === undefined) return "";
  return `
${wsgiDaemon({ ...app.daemon, name: app.name, timeout: timeout.seconds })}
Listen 127.0.0.1:${HEALTH_PORT}
<VirtualHost 127.0.0.1:${HEALTH_PORT}>
  # The node asks about its own health: without a visitor.
  RequestHeader unset X-Forwarded-For
  CustomLog /dev/null "%r"
  WSGIScriptAlias / ${ENTRY}
</VirtualHost>

# Requests with a body come here once all of it is there: mod_wsgi asks its application before, and a slow body would
# occupy a thread of it. And while Apache takes a new configuration over, the daemon before ends, and requests to it
# fail: what only reads comes here then, where it waits for the new one. The visitor stays who it is.
Listen 127.0.0.1:${INSIDE_PORT}
<VirtualHost 127.0.0.1:${INSIDE_PORT}>
  RemoteIPHeader X-Forwarded-For
  RemoteIPInternalProxy 127.0.0.1
  CustomLog /dev/null "%r"
${mount(app)}</VirtualHost>

`;
}

/**
 * Asks the application again for what only reads: where the daemon could not be reached (503) or died (500), and neither
 * an answer that took too long nor one that Apache gave for the site's own reasons. Goes before the rules for the pages.
 */
export function askAgain(app: SiteApp): string {
  return app.daemon === undefined
    ? ""
    : `  RewriteCond ${MAINTENANCE} !-f
  RewriteCond ${PREPARED} -f
  RewriteCond %{ENV:REDIRECT_STATUS} ^50[03]$
  RewriteCond %{THE_REQUEST} !^\\S+\\s[^?\\s]*(?:\\.\\.|%2e|%3f) [NC]
  RewriteCond %{THE_REQUEST} "^(?:GET|HEAD) (/[^ ?]*)\\??([^ ]*) "
  RewriteRule ^/\\.slipway/(?:again|unavailable)$ http://127.0.0.1:${INSIDE_PORT}\${unescape:%1}?%2 [P,L]
  <LocationMatch "^/\\.slipway/(?:again|unavailable)$">
    LuaHookFixups ${PAUSE} pause
  </LocationMatch>
`;
}

/** Leads the application's part of the site to its daemon. */
export function embedded(app: SiteApp): string {
  const { at, statics } = app;
  const part = at === "/" ? "/(?!\\.slipway/)" : `${at}(?:/|$)`;
  return `
  # Application ${app.name}
  RewriteCond ${PREPARED} !-f
${statics.map(({ path }) => `  RewriteCond %{REQUEST_URI} !^${path}/\n`).join("")}  RewriteRule ^${part} - [R=503,L]
  RewriteCond expr "-n req_novary('Content-Length')"
  RewriteCond %{THE_REQUEST} !^\\S+\\s[^?\\s]*(?:\\.\\.|%2e|%3f) [NC]
  RewriteCond %{THE_REQUEST} "^\\S+ (/[^ ?]*)\\??([^ ]*) "
  RewriteRule ^${part} http://127.0.0.1:${INSIDE_PORT}\${unescape:%1}?%2 [P,L]
${mount(app)}`;
}

/** @param entry the WSGI script. @default that of a container */
export function mount(
  { at, prefix, headers }: Pick<SiteApp, "at" | "prefix" | "headers">,
  entry: string = ENTRY,
): string {
  const set = Object.entries(headers).map(([header, value]) => `  RequestHeader set ${header} ${value}\n`);
  // By a pattern, which leaves the whole path to the application.
  return `${set.join("")}  WSGIScriptAliasMatch "(?s)^(${at === "/" ? "/.*" : `${at}(?:/.*)?`})$" "${entry}${prefix}$1"
`;
}
