import { METHODS, type Site } from "../site.ts";

/** Refuses what no application is asked about: other methods, and bodies that are too large. */
export function unwanted(model: Pick<Site, "bodyLimit">): string {
  return `  RewriteCond %{REQUEST_METHOD} !^(?:${METHODS.join("|")})$
  RewriteRule ^ - [R=405,L]
${tooLarge(model)}`;
}

/**
 * LimitRequestBody does not hold for requests that are handed on (http_filters.c), so what is announced is judged here,
 * and a body of unknown length is refused, as mod_proxy_uwsgi does it by itself.
 */
function tooLarge({ bodyLimit }: Pick<Site, "bodyLimit">): string {
  return `  RewriteCond expr "req_novary('Content-Length') -gt ${bodyLimit.bytes}"
  RewriteRule ^ - [R=413,L]
  RewriteCond expr "-n req_novary('Transfer-Encoding')"
  RewriteRule ^ - [R=411,L]
`;
}

/** Leads from the plain listener to the one with TLS, under the name that was asked for. */
export function toTls({ publicHttpsPort }: Pick<Site, "publicHttpsPort">): string {
  return `  RewriteCond %{HTTP_HOST} ^([^:]+|\\[[^\\]]+\\])
  RewriteRule ^ https://%1${publicHttpsPort === 443 ? "" : `:${publicHttpsPort}`}%{REQUEST_URI} [R=308,L]
`;
}

/** Answers by itself where the administration is asked for. */
export function refused({ admin }: Pick<Site, "admin">, over: "overHttp" | "overTls"): string {
  const status = admin?.[over];
  return status === undefined ? "" : `  RewriteRule "${admin?.paths}" - [R=${status},L]\n`;
}

/** Of a virtual host. */
export function names([canonical, ...aliases]: readonly string[]): string {
  return [`  ServerName ${canonical}`, ...aliases.map((alias) => `  ServerAlias ${alias}`)].join("\n");
}
