import { adminApplicationsLeftOut } from "./admin-applications-left-out.ts";
import { certificateTrusted } from "./certificate-trusted.ts";
import { connectionsFit } from "./connections-fit.ts";
import { dataKept } from "./data-kept.ts";
import { databaseApartFromSharedFolders } from "./database-apart-from-shared-folders.ts";
import { environmentWithoutSecrets } from "./environment-without-secrets.ts";
import { hostPortsDistinct } from "./host-ports-distinct.ts";
import { memoryForTheJob } from "./memory-for-the-job.ts";
import { namesDistinct } from "./names-distinct.ts";
import { onlyTheEdgePublishes } from "./only-the-edge-publishes.ts";
import { processesUnprivileged } from "./processes-unprivileged.ts";
import { routesDistinct } from "./routes-distinct.ts";
import type { Rule } from "./rule.ts";
import { sessionsInAUsedDatabase } from "./sessions-in-a-used-database.ts";
import { sessionsOnEveryNode } from "./sessions-on-every-node.ts";
import { sharedFoldersLock } from "./shared-folders-lock.ts";
import { stopGrace } from "./stop-grace.ts";

/** Every rule, in the order of the report. */
export const RULES: readonly Rule[] = [
  onlyTheEdgePublishes,
  databaseApartFromSharedFolders,
  sessionsOnEveryNode,
  sessionsInAUsedDatabase,
  sharedFoldersLock,
  connectionsFit,
  dataKept,
  stopGrace,
  certificateTrusted,
  adminApplicationsLeftOut,
  environmentWithoutSecrets,
  processesUnprivileged,
  memoryForTheJob,
  routesDistinct,
  hostPortsDistinct,
  namesDistinct,
];
