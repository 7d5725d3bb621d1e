import { InvalidValue } from "../../values/invalid-value.ts";
import { type ExportedStack, secretAt } from "./exported-stack.ts";

/** A database server of a stack, for a machine where PostgreSQL is set up by other means. */
export interface ExportedDatabase {
  readonly name: string;
  /** Major version. */
  readonly version: number;
  /** `postgresql.conf` of the container. */
  readonly conf: string;
  /** SQL that makes roles and databases, and reads passwords from /run/secrets. */
  readonly roles: string;
  /** Keys and passwords, by the name of their file. */
  readonly secrets: ReadonlyMap<string, string>;
}

export function exportedDatabases(stack: ExportedStack): readonly ExportedDatabase[] {
  return stack.description.databases.flatMap(({ name, version }) => {
    const workload = stack.description.workloads.find((one) => one.name === name);
    if (workload === undefined) return [];
    const conf = workload.files["/etc/slipway/postgresql.conf"];
    const roles = workload.files["/etc/slipway/roles.sql"];
    if (conf === undefined || roles === undefined) {
      throw new InvalidValue({
        what: `database ${workload.path} in the description of the stack`,
        got: Object.keys(workload.files).join(", ") || "no files",
        allowed: "one with its configuration and its roles",
        fix: "Synthesize the stack anew",
      });
    }
    const secrets = workload.secrets.map(
      (path) => [path.replace("/run/secrets/", ""), secretAt(stack, workload, path)] as const,
    );
    return [{ name, version, conf, roles, secrets: new Map(secrets) }];
  });
}
