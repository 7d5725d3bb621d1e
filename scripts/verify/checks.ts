import type { Check } from "./check.ts";
import { application } from "./checks/application.ts";
import { forgedHeaders } from "./checks/forged-headers.ts";
import { noVersion, securityHeaders, trace } from "./checks/headers.ts";
import { dataUnreachable, onlyEdgePublishes, secretsHidden, unprivileged } from "./checks/isolation.ts";
import { bodyLimit, headerLimit, slowClient } from "./checks/limits.ts";
import { everyNode } from "./checks/nodes.ts";
import { pathTricks, stockApplications } from "./checks/path-tricks.ts";
import { protocols } from "./checks/protocols.ts";
import { redirect } from "./checks/redirect.ts";
import { noListing, staticFiles } from "./checks/static-files.ts";
import { tlsVersions } from "./checks/tls-versions.ts";
import { unknownHost } from "./checks/unknown-host.ts";

/** All checks, in the order in which they are printed. */
export const CHECKS: readonly Check[] = [
  application,
  everyNode,
  redirect,
  unknownHost,
  protocols,
  tlsVersions,
  securityHeaders,
  noVersion,
  trace,
  forgedHeaders,
  staticFiles,
  noListing,
  pathTricks,
  stockApplications,
  bodyLimit,
  headerLimit,
  slowClient,
  onlyEdgePublishes,
  unprivileged,
  secretsHidden,
  dataUnreachable,
];
