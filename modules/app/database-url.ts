import type { SecretFile } from "../engine/workload.ts";
import type { DatabaseGrant, ReplicaGrant } from "./service.ts";

/** The file in an application's containers that holds the address of its database, password included. */
export function databaseUrl(grant: DatabaseGrant | ReplicaGrant): Required<SecretFile> {
  return { secret: grant.url, path: `/run/secrets/${grant.name}-url` };
}

/** The one past a pooler; the same where there is none. */
export function directUrl(grant: DatabaseGrant): Required<SecretFile> {
  if (grant.directUrl === undefined) return databaseUrl(grant);
  return { secret: grant.directUrl, path: `/run/secrets/${grant.name}-direct-url` };
}

/** Both, or the one that there is. */
export function databaseUrls(grant: DatabaseGrant): readonly Required<SecretFile>[] {
  return grant.directUrl === undefined ? [databaseUrl(grant)] : [databaseUrl(grant), directUrl(grant)];
}
