/**
 * The `.htaccess` of a hosting company's Apache, where the main configuration is out of reach (recipe 11.8). What is not
 * named here is the application's, whether there is a file of that name or not: nothing else of the folder is ever shown.
 */
import { responseHeaders } from "../../edge/apache/headers-conf.ts";
import { METHODS } from "../../edge/site.ts";

/** Name of a way in which such hosts run Python. */
export type HandlerName = "mod_python" | "cgi" | "fastcgi" | "passenger";

export interface HtaccessProps {
  readonly handler: HandlerName;
  /** Paths below the folder that lead to static files, without slashes at their ends, such as `static`. */
  readonly statics: readonly string[];
  /** What matches the path of an administration (modules/edge/admin.ts); undefined where there is none. */
  readonly admin: string | undefined;
  /** Whether visitors are led to https. */
  readonly https: boolean;
  /** Seconds in which browsers come back by https only; undefined where they are not told so. */
  readonly strictTransport: number | undefined;
  /** The largest request body, in bytes. */
  readonly bodyLimit: number;
}

export function htaccess(props: HtaccessProps): string {
  const { admin, https, strictTransport, bodyLimit, statics } = props;
  return `# Written by Slipway (npm run export). It belongs into the folder that the host shows at the address of the site.
# "... not allowed here" in the error log: the host does not let you say that; put a # before the line it names.
Options -Indexes
LimitRequestBody ${bodyLimit}
RewriteEngine On

# The authority that signs the certificate of the host asks here.
RewriteRule ^\\.well-known/acme-challenge/ - [END,H=default-handler]
${
  admin === undefined
    ? ""
    : `
# Administration is for nobody: others on this host could listen.
RewriteCond %{REQUEST_URI} "${admin}"
RewriteRule ^ - [R=404,L]
`
}
# Visitors are led to https. SWITCH: to stay with http, put a # before these lines.
${redirect(https)}
RewriteCond %{REQUEST_METHOD} !^(?:${METHODS.join("|")})$
RewriteRule ^ - [R=405,L]
RewriteRule (?:^|/)\\. - [R=404,L]
${
  statics.length === 0
    ? ""
    : `
# Static files; a version in the address is of the file that is there.
RewriteRule ^(${either(statics)})/_\\d+\\.\\d+\\.\\d+/(.+)$ $1/$2 [END]
RewriteRule ^(?:${either(statics)})/. - [END]
`
}
<IfModule mod_headers.c>
${responseHeaders("  ")}${
  strictTransport === undefined
    ? ""
    : `
  Header always set Strict-Transport-Security "max-age=${strictTransport}" "expr=%{HTTPS} == 'on'"`
}
</IfModule>

${HANDLERS[props.handler]}`;
}

function redirect(https: boolean): string {
  const lines = `RewriteCond %{HTTPS} !=on
# Where a proxy of the host ends TLS, this would lead in circles: there, remove the # of the next line (--behind-proxy).
#RewriteCond %{HTTP:X-Forwarded-Proto} !=https
RewriteCond %{HTTP_HOST} ^([^:]+|\\[[^\\]]+\\])
RewriteRule ^ https://%1%{REQUEST_URI} [R=308,L]
`;
  return https ? lines : lines.replace(/^(?=Rewrite)/gm, "#");
}

const either = (paths: readonly string[]): string =>
  paths.map((path) => path.replaceAll(".", "\\.")).join("|");

/** All requests that are left go to one script, which finds out by itself what was asked for. */
const toScript = (file: string, handler: string): string => `<Files "${file}">
  SetHandler ${handler}
</Files>
# Apache keeps this header from scripts.
SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=$1
RewriteRule ^ ${file} [END]
`;

const HANDLERS: Readonly<Record<HandlerName, string>> = {
  mod_python: `# Python inside of Apache answers everything that is left.
RewriteRule ^ - [END]
SetHandler mod_python
PythonHandler slipway_mod_python
PythonDebug Off
`,
  cgi: `# A process for each request.
Options +ExecCGI
${toScript("slipway.cgi", "cgi-script")}`,
  fastcgi: `# Processes that stay, started by mod_fcgid.
Options +ExecCGI
${toScript("slipway.fcgi", "fcgid-script")}`,
  passenger: `# Passenger answers what is no file; the panel adds its own lines below. No file but the static ones is shown.
RewriteCond %{REQUEST_FILENAME} -f
RewriteRule ^ - [R=404,L]
`,
};

/** Of each folder with static files: they are files, whatever their names may mean to this host. */
export const STATIC_HTACCESS = `# Written by Slipway (npm run export).
SetHandler default-handler
<IfModule mod_headers.c>
  Header set Cache-Control "public, max-age=3600"
  # A version in the address: the file behind it never changes.
  Header set Cache-Control "public, max-age=31536000, immutable" "expr=%{THE_REQUEST} =~ m#/_\\d+\\.\\d+\\.\\d+/#"
</IfModule>
`;

/** Of the private folder, should it ever be uploaded to where visitors get. */
export const PRIVATE_HTACCESS = `# Written by Slipway (npm run export). This folder belongs beside the one that visitors see, not into it.
Require all denied
`;
