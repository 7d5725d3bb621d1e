import type { Name } from "../../values/name.ts";

/** The role that replicas connect as. */
export const REPLICATION_ROLE = "slipway_replication" as const;

/** Where a replica's server finds the password of that role, in the form of libpq's password file. */
export const PASSWORD_FILE = "/dev/shm/slipway/replication";

/** Where a replica has the certificate that its primary is known by. */
export const PRIMARY_CERTIFICATE = "/run/secrets/primary-ca";

/** The slot of a replica, by which the primary knows what it still has to send; names of slots have no hyphens. */
export const slotOf = (replica: Name): string => `slipway_${replica.text.replaceAll("-", "_")}`;

/** How a replica reaches its primary, as libpq takes it. */
export function conninfo(
  replica: Name,
  { host, port }: { readonly host: string; readonly port: number },
): string {
  return [
    `host=${host} port=${port} user=${REPLICATION_ROLE} application_name=${replica}`,
    `passfile=${PASSWORD_FILE} sslmode=verify-full sslrootcert=${PRIMARY_CERTIFICATE} connect_timeout=5`,
  ].join(" ");
}

/** Lines of `postgresql.conf` that make a server follow its primary. */
export function replicaConf(
  replica: Name,
  primary: { readonly host: string; readonly port: number },
): string {
  return `
primary_conninfo = '${conninfo(replica, primary)}'
primary_slot_name = '${slotOf(replica)}'
# A primary that was away is asked again after a second.
wal_retrieve_retry_interval = 1s
`;
}

/**
 * SQL for the primary: a slot for each replica, and none for those that are gone, which would keep what nobody fetches. A
 * slot that was given up, because its replica was away for too long, is made anew for the next copy.
 */
export function slotsSql(slots: readonly string[]): string {
  const known = slots.map((slot) => `'${slot}'`).join(", ");
  const create = slots
    .map(
      (slot) =>
        `SELECT pg_create_physical_replication_slot('${slot}', true)` +
        ` WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '${slot}') \\g /dev/null\n`,
    )
    .join("");
  return `
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
  WHERE slot_type = 'physical' AND slot_name LIKE 'slipway\\_%' AND NOT active
    AND (wal_status = 'lost' OR NOT slot_name = ANY (ARRAY[${known}]::text[])) \\g /dev/null
${create}`;
}
