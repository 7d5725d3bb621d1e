import type { Duration } from "../../values/duration.ts";
import { MAINTENANCE, type SiteApp, type StaticFiles } from "../site.ts";

/** How many nodes are asked at most when another one failed. */
const OTHERS = 3;

/**
 * How long a connection is waited for. Node and edge are a network apart that answers within milliseconds, and a node
 * whose queue is full answers no sooner than Linux asks again, after a second. The address of a node that is gone answers
 * nobody, and for as long as `addressttl` some requests still try it.
 */
const CONNECT = "connectiontimeout=200ms";
/** To a node without others: on a machine that is busy it may take longer, and nobody could answer in its place. */
const CONNECT_ONLY = "connectiontimeout=2";

/** A node, and those that are asked in its place: the next ones in the row. */
interface Stand {
  readonly route: number;
  readonly balancer: string;
  readonly others: readonly string[];
}

/** With a single node there is nobody else to ask. */
function stands({ name, nodes }: SiteApp): Stand[] {
  return nodes.length < 2
    ? []
    : nodes.map((_, index) => ({
        route: index + 1,
        balancer: `again.${name}.${index + 1}`,
        others: [...nodes.slice(index + 1), ...nodes.slice(0, index)].slice(0, OTHERS),
      }));
}

/**
 * A node that dies in the middle of a request leaves Apache with an error of its own. What only reads is asked again,
 * once, and of other nodes than the one that failed; what writes is never repeated, and its visitor gets the page that
 * explains it. Errors that an application answers itself pass through untouched.
 */
export function retry(apps: readonly SiteApp[]): string {
  const again = apps.flatMap((app) =>
    stands(app).map(
      ({
        route,
        balancer,
      }) => `  RewriteCond %{ENV:REDIRECT_BALANCER_NAME}#%{ENV:REDIRECT_BALANCER_WORKER_ROUTE} =balancer://${app.name}#${route}
  RewriteCond %{THE_REQUEST} "^\\S+ (/[^ ?]*)\\??([^ ]*) "
  RewriteRule ^/\\.slipway/again$ balancer://${balancer}${app.prefix}\${unescape:%1}?%2 [P,L]
`,
    ),
  );
  return `  ErrorDocument 500 /.slipway/again
  ErrorDocument 502 /.slipway/again
  ErrorDocument 503 /.slipway/unavailable
  ErrorDocument 504 /.slipway/unavailable
  RewriteCond ${MAINTENANCE} -f
  RewriteRule !^/\\.slipway/ - [R=503,L]
  RewriteCond ${MAINTENANCE} -f
  RewriteRule ^/\\.slipway/unavailable$ /.slipway/maintenance.html [PT,L]
  RewriteRule ^/\\.slipway/unavailable$ /.slipway/unavailable.html [PT,L]
  RewriteMap unescape int:unescape
  # Repeated is the request line as it came; a path with dots that climb was refused long before, encoded or not.
  RewriteCond %{THE_REQUEST} !^(?:GET|HEAD)\\s [OR]
  RewriteCond %{THE_REQUEST} ^\\S+\\s[^?\\s]*(?:\\.\\.|%2e|%3f) [NC]
  RewriteRule ^/\\.slipway/again$ /.slipway/unavailable.html [PT,L]
${again.join("")}  RewriteRule ^/\\.slipway/again$ /.slipway/unavailable.html [PT,L]`;
}

/** The headers that tell an application where it is mounted: set on the way to it, by whichever balancer. */
function mountHeaders(app: SiteApp): string {
  const lines = Object.entries(app.headers).map(
    ([header, value]) => `    RequestHeader set ${header} ${value}\n`,
  );
  if (lines.length === 0) return "";
  // The slash ends the name: balancer://shop would stand for balancer://shop2 as well.
  return [app.name, ...stands(app).map(({ balancer }) => balancer)]
    .map((balancer) => `  <Proxy balancer://${balancer}/>\n${lines.join("")}  </Proxy>\n`)
    .join("");
}

/** The balancer of an application, and the way to it. */
export function proxied(app: SiteApp, timeout: Duration): string {
  const { name, at, protocol, prefix, nodes, statics } = app;
  const sticky = app.sticky.by === "cookie";
  const cookie = `slipway_${name.replaceAll("-", "_")}`;
  // A node that failed stays out until its check passes again, within a second: `retry` alone would let real requests
  // find out. A connection that cannot be opened goes to the next node, whatever the method: nothing was sent yet.
  const members = nodes.map(
    (node, index) =>
      `    BalancerMember ${protocol}://${node} route=${index + 1} retry=300 ${nodes.length < 2 ? CONNECT_ONLY : CONNECT} timeout=${timeout.seconds} addressttl=1 hcmethod=TCP hcinterval=1 hcfails=1 hcpasses=1`,
  );
  const again = stands(app).map(
    ({ balancer, others }) => `  <Proxy balancer://${balancer}>
${others.map((node) => `    BalancerMember ${protocol}://${node} disablereuse=On retry=0 ${CONNECT} timeout=${timeout.seconds}\n`).join("")}    ProxySet lbmethod=bybusyness
  </Proxy>
`,
  );
  return `
  # Application ${name}
  <Proxy balancer://${name}>
${members.join("\n")}
    ProxySet lbmethod=bybusyness maxattempts=${Math.max(nodes.length - 1, 1)}${sticky ? ` stickysession=${cookie}` : ""}
  </Proxy>
${again.join("")}${sticky ? `  Header always add Set-Cookie "${cookie}=.%{BALANCER_WORKER_ROUTE}e; Path=${at}; Secure; HttpOnly; SameSite=Lax" "expr=-n env('BALANCER_ROUTE_CHANGED') && env('BALANCER_NAME') == 'balancer://${name}'"\n` : ""}  ${statics.map(staticFiles).join("")}${mountHeaders(app)}  ProxyPass ${at} balancer://${name}${prefix}${at}
`;
}

/** Files that Apache serves itself, where what is around them is proxied. */
export function staticFiles({ path, folder }: StaticFiles): string {
  return staticFolder({ path, folder }, `  ProxyPass ${path}/ !\n`);
}

/** Files that Apache serves itself. @param also what else their path needs */
export function staticFolder({ path, folder }: StaticFiles, also = ""): string {
  return `  AliasMatch "^${path}/(?:_\\d+\\.\\d+\\.\\d+/)?(.+)$" "${folder}/$1"
${also}  <Directory ${folder}>
    Require all granted
    Header set Cache-Control "public, max-age=3600"
    # A version in the address: the file behind it never changes.
    Header set Cache-Control "public, max-age=31536000, immutable" "expr=%{REQUEST_URI} =~ m#^${path}/_\\d+\\.\\d+\\.\\d+/#"
  </Directory>
`;
}
