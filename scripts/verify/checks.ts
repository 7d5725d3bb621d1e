import type { Check } from "./check.ts";
import { adminClosed, adminPlain } from "./checks/admin.ts";
import { clientAddress } from "./checks/client-address.ts";
import { errorPages } from "./checks/error-pages.ts";
import { failover } from "./checks/failover.ts";
import { forgedHeaders } from "./checks/forged-headers.ts";
import { noVersion, securityHeaders, trace } from "./checks/headers.ts";
import { dataUnreachable, onlyEdgePublishes, secretsHidden, unprivileged } from "./checks/isolation.ts";
import { bodyLimit, headerEnough, headerLimit, pipelining } from "./checks/limits.ts";
import { maintenance } from "./checks/maintenance.ts";
import { everyNode } from "./checks/nodes.ts";
import { pathTricks } from "./checks/path-tricks.ts";
import { http2Malformed, protocols } from "./checks/protocols.ts";
import { pagesNotShared, ranges } from "./checks/ranges.ts";
import { redirect } from "./checks/redirect.ts";
import { redirectsAndCookies } from "./checks/redirects-and-cookies.ts";
import { onlyNamed, routes } from "./checks/routes.ts";
import { slowClients } from "./checks/slow-clients.ts";
import { malformed, smuggling } from "./checks/smuggling.ts";
import { noListing, staticFiles } from "./checks/static-files.ts";
import { stickiness } from "./checks/stickiness.ts";
import { alpn, certificate, renegotiation, strictTransport, tlsProfile } from "./checks/tls-profile.ts";
import { tlsVersions } from "./checks/tls-versions.ts";
import { unknownHost } from "./checks/unknown-host.ts";

/** All checks, in the order in which they are printed. */
export const CHECKS: readonly Check[] = [
  routes,
  onlyNamed,
  everyNode,
  stickiness,
  redirect,
  redirectsAndCookies,
  unknownHost,
  protocols,
  pipelining,
  certificate,
  tlsVersions,
  tlsProfile,
  alpn,
  renegotiation,
  strictTransport,
  securityHeaders,
  noVersion,
  trace,
  errorPages,
  forgedHeaders,
  clientAddress,
  adminClosed,
  adminPlain,
  staticFiles,
  ranges,
  pagesNotShared,
  noListing,
  pathTricks,
  smuggling,
  malformed,
  http2Malformed,
  bodyLimit,
  headerLimit,
  headerEnough,
  ...slowClients(),
  onlyEdgePublishes,
  unprivileged,
  secretsHidden,
  dataUnreachable,
  failover,
  maintenance,
];
