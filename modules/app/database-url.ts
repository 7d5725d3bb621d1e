import type { SecretFile } from "../engine/workload.ts";
import type { DatabaseGrant } from "./service.ts";

/** The file in an application's containers that holds the address of its database, password included. */
export function databaseUrl(grant: DatabaseGrant): Required<SecretFile> {
  return { secret: grant.url, path: `/run/secrets/${grant.name}-url` };
}
