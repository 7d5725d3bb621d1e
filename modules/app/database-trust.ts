import type { SecretFile } from "../engine/workload.ts";
import { Secret } from "../values/secret.ts";
import type { DatabaseGrant, ReplicaGrant } from "./service.ts";

/** The file in an application's containers with the certificate that a database server is known by. */
export const certificatePath = (server: string): string => `/run/secrets/${server}-ca`;

/** What an application's containers need to know its database servers by. */
export interface DatabaseTrust {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretFile[];
}

/**
 * The certificates of all database servers of an application. The address of a database names its own; pydal does not
 * hand that part of an address on (pydal/adapters/postgres.py), so libpq gets it by a variable, which has to do for all:
 * but where the first database is known by public authorities, for that one, as pydal has it.
 */
export function databaseTrust(
  name: string,
  grants: readonly (DatabaseGrant | ReplicaGrant)[],
): DatabaseTrust {
  const known = grants.flatMap(({ name: server, certificate }) =>
    certificate === undefined ? [] : [{ secret: certificate, path: certificatePath(server.text) }],
  );
  const [main] = grants;
  if (main?.kind === "database" && main.rootCertificate !== undefined) {
    return { environment: { PGSSLROOTCERT: main.rootCertificate }, secrets: known };
  }
  const [first, ...others] = known;
  if (first === undefined) return { environment: {}, secrets: [] };
  if (others.length === 0) return { environment: { PGSSLROOTCERT: first.path }, secrets: known };
  const all = Secret.composed(
    `${name}_database-certificates`,
    known.map(({ secret }) => secret),
  );
  const path = "/run/secrets/database-certificates";
  return { environment: { PGSSLROOTCERT: path }, secrets: [...known, { secret: all, path }] };
}
