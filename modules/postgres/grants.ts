import type { Name } from "../values/name.ts";
import type { Extension } from "./extensions.ts";
import { slotsSql } from "./replica/replica-conf.ts";

/** A database and the role that owns it; both have the name of the application. */
export interface Tenant {
  readonly name: Name;
  /** File inside the container that holds the role's password. */
  readonly passwordFile: string;
  /** Connections that the role may open. */
  readonly connections: number;
}

/** A role of the platform's own beside those of applications, such as that of a pooler. */
export interface Helper {
  /** With an underscore, which no application has in its name. */
  readonly role: `slipway_${string}`;
  /** What it may connect to; `replication` is the stream of all changes. */
  readonly database: "postgres" | "replication";
  readonly passwordFile: string;
  readonly connections: number;
}

/**
 * The text of `pg_hba.conf`: everybody only into their own database, encrypted and with a password, and root's shell
 * nowhere.
 */
export function pgHba(tenants: readonly Tenant[], helpers: readonly Helper[] = []): string {
  const hosts = [
    ...tenants.map(({ name }) => `hostssl  "${name}"  "${name}"  samenet  scram-sha-256\n`),
    ...helpers.map(({ role, database }) => `hostssl  ${database}  ${role}  samenet  scram-sha-256\n`),
  ].join("");
  return `# Written by Slipway from what uses the database.
local    all  postgres  peer
${hosts}`;
}

/**
 * SQL for psql that brings roles and databases to what the stack says; running it again changes nothing.
 * Passwords are read from files by psql itself and kept out of the server's log.
 */
export function rolesSql(
  tenants: readonly Tenant[],
  helpers: readonly Helper[] = [],
  slots: readonly string[] = [],
): string {
  return `\\set ON_ERROR_STOP on
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SET client_min_messages = warning;
${tenants.map(tenantSql).join("")}${helpers.map(helperSql).join("")}${slotsSql(slots)}`;
}

/**
 * SQL for psql that makes extensions in the database of each application. They need a superuser, which no application is.
 * After an upgrade of the server they are of an older version.
 */
export function extensionsSql(tenants: readonly Tenant[], extensions: readonly Extension[]): string {
  if (extensions.length === 0) return "";
  const lines = extensions.map((extension) => {
    return `CREATE EXTENSION IF NOT EXISTS "${extension}" CASCADE;\nALTER EXTENSION "${extension}" UPDATE;\n`;
  });
  return tenants
    .map(({ name }) => `\n\\connect "${name}"\nSET client_min_messages = warning;\n${lines.join("")}`)
    .join("");
}

function helperSql({ role, database, passwordFile, connections }: Helper): string {
  const replication = database === "replication" ? "REPLICATION" : "NOREPLICATION";
  return `
\\set password \`cat ${passwordFile}\`
SELECT 'CREATE ROLE ${role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec
ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE ${replication} CONNECTION LIMIT ${connections} PASSWORD :'password';
`;
}

function tenantSql({ name, passwordFile, connections }: Tenant): string {
  return `
\\set password \`cat ${passwordFile}\`
SELECT 'CREATE ROLE "${name}"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') \\gexec
ALTER ROLE "${name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT ${connections} PASSWORD :'password';
SELECT 'CREATE DATABASE "${name}" OWNER "${name}"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${name}') \\gexec
REVOKE ALL ON DATABASE "${name}" FROM PUBLIC;
`;
}
