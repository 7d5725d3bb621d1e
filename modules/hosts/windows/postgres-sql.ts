import { exportedDatabases } from "../export/exported-database.ts";
import type { ExportedFile } from "../export/exported-file.ts";
import type { ExportedStack } from "../export/exported-stack.ts";
import { backslashes } from "./windows-layout.ts";

/** Settings that follow from the memory of the stack's database and hold on any system. */
const PORTABLE = [
  "max_connections",
  "password_encryption",
  "shared_buffers",
  "effective_cache_size",
  "maintenance_work_mem",
  "work_mem",
  "wal_buffers",
  "min_wal_size",
  "max_wal_size",
  "checkpoint_completion_target",
  "random_page_cost",
  "idle_in_transaction_session_timeout",
];

/** What the database server of a stack becomes: SQL for one that its own installer has set up. */
export interface PostgresFiles {
  readonly version: number;
  readonly files: readonly ExportedFile[];
}

/** @param folder where the files are on the machine. @returns undefined for a stack without a database server */
export function postgresFiles(stack: ExportedStack, folder: string): PostgresFiles | undefined {
  const [database] = exportedDatabases(stack);
  if (database === undefined) return undefined;
  return {
    version: database.version,
    files: [
      { path: "postgres/server.sql", content: serverSql(database.conf, folder) },
      { path: "postgres/roles.sql", content: rolesSql(database.roles, folder) },
      ...[...database.secrets].map(([name, content]) => ({
        path: `postgres/secrets/${name}`,
        content,
        mode: 0o600,
      })),
    ],
  };
}

/** What `postgresql.conf` of the container says, for `ALTER SYSTEM`. */
export function serverSql(conf: string, folder: string): string {
  const settings = conf.split("\n").flatMap((line) => {
    const [, name = "", value = ""] = /^(\w+) = (\S+)$/.exec(line) ?? [];
    return PORTABLE.includes(name) ? [[name, value.replaceAll("'", "")] as const] : [];
  });
  return `-- Written by Slipway: run it as the user postgres, then restart the service of PostgreSQL.
\\set ON_ERROR_STOP on
${[
  ["listen_addresses", "127.0.0.1"],
  ["ssl", "on"],
  ["ssl_min_protocol_version", "TLSv1.2"],
  ["ssl_cert_file", `${folder}/secrets/server.crt`],
  ["ssl_key_file", `${folder}/secrets/server.key`],
  ...settings,
]
  .map(([name, value]) => `ALTER SYSTEM SET ${name} = '${value}';\n`)
  .join("")}`;
}

/** Roles and databases; psql runs cmd.exe for what stands in backquotes. */
export function rolesSql(roles: string, folder: string): string {
  return `-- Written by Slipway: run it as the user postgres; it may be run again.
${roles.replace(/`cat \/run\/secrets\/([^`\s]+)`/g, (_, name) => `\`type ${backslashes(`${folder}/secrets/${name}`)}\``)}`;
}
