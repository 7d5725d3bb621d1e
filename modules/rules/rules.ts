import { acmeReachesTheSite } from "./acme-reaches-the-site.ts";
import { adminApplicationReachable } from "./admin-application-reachable.ts";
import { adminApplicationsLeftOut } from "./admin-applications-left-out.ts";
import { adminModeUsed } from "./admin-mode-used.ts";
import { adminOnLoopback } from "./admin-on-loopback.ts";
import { adminPasswordGenerated } from "./admin-password-generated.ts";
import { applicationsLedTo } from "./applications-led-to.ts";
import { backupApartFromData } from "./backup-apart-from-data.ts";
import { balancerHasNodes } from "./balancer-has-nodes.ts";
import { certificateTrusted } from "./certificate-trusted.ts";
import { clientsKnownToTheEdge } from "./clients-known-to-the-edge.ts";
import { connectionsFit } from "./connections-fit.ts";
import { dataBackedUp } from "./data-backed-up.ts";
import { dataKept } from "./data-kept.ts";
import { databaseAloneOnItsFiles } from "./database-alone-on-its-files.ts";
import { databaseApartFromSharedFolders } from "./database-apart-from-shared-folders.ts";
import { developmentOnLoopback } from "./development-on-loopback.ts";
import { edgeHasRoutes } from "./edge-has-routes.ts";
import { environmentWithoutSecrets } from "./environment-without-secrets.ts";
import { externalDatabasesVerified } from "./external-databases-verified.ts";
import { fileServerOnOneHost } from "./file-server-on-one-host.ts";
import { filesWithoutSecrets } from "./files-without-secrets.ts";
import { hostPortsDistinct } from "./host-ports-distinct.ts";
import { installationNotShared } from "./installation-not-shared.ts";
import { jobsDistinct } from "./jobs-distinct.ts";
import { jobsEndInTime } from "./jobs-end-in-time.ts";
import { managersAgree } from "./managers-agree.ts";
import { memoryForConnections } from "./memory-for-connections.ts";
import { memoryForEachProcess } from "./memory-for-each-process.ts";
import { memoryForTheJob } from "./memory-for-the-job.ts";
import { namesDistinct } from "./names-distinct.ts";
import { nodesReachTheirFiles } from "./nodes-reach-their-files.ts";
import { onlyTheEdgePublishes } from "./only-the-edge-publishes.ts";
import { portsOnEveryAddress } from "./ports-on-every-address.ts";
import { processesUnprivileged } from "./processes-unprivileged.ts";
import { publishedPortsStopFirst } from "./published-ports-stop-first.ts";
import { replicaBesideItsPrimary } from "./replica-beside-its-primary.ts";
import { rolesOnHosts } from "./roles-on-hosts.ts";
import { routesClearOfAdministrations } from "./routes-clear-of-administrations.ts";
import { routesClearOfStaticFiles } from "./routes-clear-of-static-files.ts";
import { routesDistinct } from "./routes-distinct.ts";
import { routesKnownToApplications } from "./routes-known-to-applications.ts";
import type { Rule } from "./rule.ts";
import { schemasWithoutPooler } from "./schemas-without-pooler.ts";
import { servicesOnInternalNetworks } from "./services-on-internal-networks.ts";
import { servicesUsed } from "./services-used.ts";
import { sessionsOnEveryNode } from "./sessions-on-every-node.ts";
import { sessionsSurviveARelease } from "./sessions-survive-a-release.ts";
import { sessionsThatExpire } from "./sessions-that-expire.ts";
import { sharedFoldersLock } from "./shared-folders-lock.ts";
import { sharesForSharedFolders } from "./shares-for-shared-folders.ts";
import { stateKeepsSecrets } from "./state-keeps-secrets.ts";
import { stickinessAtTheBalancer } from "./stickiness-at-the-balancer.ts";
import { stopGrace } from "./stop-grace.ts";
import { storageRedundant } from "./storage-redundant.ts";
import { ticketsWithinReach } from "./tickets-within-reach.ts";

/** Every rule, in the order of the report. */
export const RULES: readonly Rule[] = [
  onlyTheEdgePublishes,
  adminOnLoopback,
  adminApplicationReachable,
  adminPasswordGenerated,
  adminModeUsed,
  servicesOnInternalNetworks,
  developmentOnLoopback,
  databaseApartFromSharedFolders,
  sessionsOnEveryNode,
  stickinessAtTheBalancer,
  balancerHasNodes,
  sessionsSurviveARelease,
  servicesUsed,
  sharedFoldersLock,
  sharesForSharedFolders,
  installationNotShared,
  storageRedundant,
  externalDatabasesVerified,
  connectionsFit,
  schemasWithoutPooler,
  replicaBesideItsPrimary,
  memoryForConnections,
  dataKept,
  dataBackedUp,
  backupApartFromData,
  databaseAloneOnItsFiles,
  stopGrace,
  certificateTrusted,
  acmeReachesTheSite,
  adminApplicationsLeftOut,
  environmentWithoutSecrets,
  filesWithoutSecrets,
  processesUnprivileged,
  memoryForTheJob,
  memoryForEachProcess,
  routesDistinct,
  routesKnownToApplications,
  routesClearOfStaticFiles,
  routesClearOfAdministrations,
  edgeHasRoutes,
  applicationsLedTo,
  hostPortsDistinct,
  publishedPortsStopFirst,
  namesDistinct,
  jobsDistinct,
  jobsEndInTime,
  sessionsThatExpire,
  ticketsWithinReach,
  rolesOnHosts,
  managersAgree,
  nodesReachTheirFiles,
  portsOnEveryAddress,
  fileServerOnOneHost,
  clientsKnownToTheEdge,
  stateKeepsSecrets,
];
