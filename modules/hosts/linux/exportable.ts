import type { Role } from "../../engine/workload.ts";
import type { WrittenWorkload } from "../../engine/written-workload.ts";
import { InvalidValue } from "../../values/invalid-value.ts";
import type { ExportedStack } from "../export/exported-stack.ts";
import type { Family } from "./family.ts";
import { areConnected, type Placed } from "./placement.ts";

/** What of a stack a host runs, and what it leaves out, with the reason. */
export interface Exportable {
  readonly workloads: readonly WrittenWorkload[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** Roles without which the rest of a stack works, and what stands in for them. */
const OPTIONAL: Readonly<Partial<Record<Role, string>>> = {
  backup: "backups are the machine's own here; docs/hosts-linux.md has the commands that dump and restore",
  storage:
    "a file server is a machine of its own here; docs/storage.md has Nfs.v4 and Zfs.dataset, and the script for it",
  publisher: "the installation lays static files out by itself",
};

/**
 * @throws InvalidValue for local folders that nodes on several machines write to
 */
export function checkSpread(all: readonly Placed[]): void {
  for (const one of all) {
    for (const { name, path, options, readOnly } of one.workload.volumes) {
      if (readOnly || options.type !== undefined || path.startsWith("/srv/static")) continue;
      const machines = new Set(
        all
          .filter(({ workload }) => workload.volumes.some((other) => other.name === name && !other.readOnly))
          .map(({ machine }) => machine.name),
      );
      if (machines.size > 1) {
        throw new InvalidValue({
          what: `machines that write to ${name} of ${one.workload.path}`,
          got: [...machines].join(", "),
          allowed: "one, because it is a folder of the machine",
          fix: "Put the shared folders on Nfs.v4(…), or all that use them on one machine",
        });
      }
    }
  }
}

export const LEFT_OUT: ReadonlySet<Role> = new Set(Object.keys(OPTIONAL) as Role[]);

/** @throws InvalidValue for what a host cannot run and the stack cannot do without */
export function exportable(stack: ExportedStack, family: Family): Exportable {
  const { workloads } = stack.description;
  const leftOut = workloads.flatMap(({ name, role }) => {
    const why = OPTIONAL[role];
    return why === undefined ? [] : [{ name, why }];
  });
  const kept = workloads.filter(({ role }) => OPTIONAL[role] === undefined).map(withoutArchive);
  for (const workload of kept) {
    const { path, image, role } = workload;
    if (family.packages(image, stack.contexts.get(image) ?? new Map()) === undefined) {
      throw new InvalidValue({
        what: `export of ${path} (${role}) for ${family.name}`,
        got: image,
        allowed:
          "PostgreSQL without a pooler or a replica, memcached, applications, HAProxy, Pound, and Apache or (for debian) lighttpd with a certificate that is self-signed or from files",
        fix: FIXES[image] ?? `Leave ${path} out of the stack that is exported`,
      });
    }
    const servers = databasesOf(workload, kept);
    if (servers.length > 1) {
      throw new InvalidValue({
        what: `databases of ${path}`,
        got: servers.join(", "),
        allowed: "one server, whose address libpq is told by a variable that holds for all",
        fix: "Use one Postgres for the application, or export for Docker",
      });
    }
  }
  return { workloads: kept, leftOut };
}

/** A database that hands nothing over to a backup, which is left out. */
function withoutArchive(workload: WrittenWorkload): WrittenWorkload {
  if (workload.role !== "database") return workload;
  const isOfBackup = (path: string) => /pgbackrest|^\/srv\/backup|^\/run\/slipway\/backup/.test(path);
  return {
    ...workload,
    files: Object.fromEntries(
      Object.entries(workload.files)
        .filter(([path]) => !isOfBackup(path))
        .map(([path, content]) => [
          path,
          content.replace(/^(archive_\w+ = .*|unix_socket_directories = .*\/run\/slipway\/backup.*)\n/gm, ""),
        ]),
    ),
    secrets: workload.secrets.filter((path) => !isOfBackup(path)),
    volumes: workload.volumes.filter(({ path }) => !isOfBackup(path)),
  };
}

const FIXES: Readonly<Record<string, string>> = {
  lighttpd: "Export for debian, or write server: Apache.modProxy() in the Edge of the stack that is exported",
};

function databasesOf(workload: WrittenWorkload, all: readonly WrittenWorkload[]): readonly string[] {
  if (workload.role !== "app" && workload.role !== "job") return [];
  return all.filter((one) => one.role === "database" && areConnected(workload, one)).map(({ path }) => path);
}
