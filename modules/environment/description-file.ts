import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ADMIN_LISTENER } from "../edge/admin.ts";
import { type WrittenWorkload, writtenWorkload } from "../engine/written-workload.ts";
import { addressesOf, type Host } from "../hosts/host.ts";
import { mountUnitName, smbMountUnit } from "../hosts/storage/smb-mount.ts";
import { storageScript } from "../hosts/storage/storage-script.ts";
import type {
  DescribedApp,
  DescribedBackup,
  DescribedEdge,
  DescribedExternalDatabase,
  DescribedSharedFolders,
  Description,
  Purpose,
} from "../rules/description.ts";
import type { Waiver } from "../rules/rule.ts";
import type { MountOption } from "../storage/mount-option.ts";
import type { Redundancy } from "../storage/redundancy.ts";
import { Smb } from "../storage/smb.ts";
import type { FileServer } from "../storage/storage.ts";
import type { Outage } from "./outage.ts";

/** Beside `cdk.tf.json`. */
export const DESCRIPTION_FILE = "slipway.json";

/** Ports that every edge listens on in its container (modules/edge/edge.ts). */
const LISTEN = { http: 8080, https: 8443 } as const;

/** An edge, and where on the host it is reached; a port is null where the host does not publish it. */
export type WrittenEdge = DescribedEdge & {
  readonly name: string;
  readonly address: string | null;
  readonly ports: {
    readonly http: number | null;
    readonly https: number | null;
    /** The end of the tunnel to the administration. */
    readonly admin: number | null;
  };
};

/** What its author declares of a stack, with reasons that a reviewer reads. */
export interface Declarations {
  /** @default none */
  readonly waivers?: readonly Waiver[];
  /** @default none */
  readonly outages?: readonly Outage[];
}

/** Shared folders, and how their storage is made ready. */
export interface WrittenSharedFolders {
  readonly path: string;
  readonly storage: {
    /** In words. */
    readonly description: string;
    /** Null where nobody said it. */
    readonly redundancy: Redundancy | null;
    /** Null for a disk of the host. */
    readonly server: FileServer | null;
    readonly mountOptions: readonly MountOption[];
  };
  readonly folders: readonly string[];
  /** In bytes, by the name of the folder. */
  readonly quotas: Readonly<Record<string, number>>;
  readonly applications: readonly string[];
  /** What each host has to mount by itself; null where its engine does it. */
  readonly mount: {
    readonly point: string;
    /** Name of the unit of systemd. */
    readonly unit: string;
    readonly content: string;
    /** File with the password. */
    readonly credentials: string;
  } | null;
  /** What the storage host is set up with; null where that is not known. */
  readonly script: string | null;
}

/** What a stack declared, for those who look at the running one, such as `npm run verify`, or at a change of it. */
export interface WrittenDescription {
  readonly purpose: Purpose;
  readonly edges: readonly WrittenEdge[];
  readonly apps: readonly DescribedApp[];
  readonly backups: readonly DescribedBackup[];
  readonly externalDatabases: readonly DescribedExternalDatabase[];
  readonly sharedFolders: readonly WrittenSharedFolders[];
  /** File servers of the stack: the port of the host, and who may mount. */
  readonly fileServers: readonly { readonly port: number; readonly clients: readonly string[] }[];
  readonly databases: readonly { readonly name: string; readonly version: number }[];
  readonly workloads: readonly WrittenWorkload[];
  readonly waivers: readonly Waiver[];
  readonly outages: readonly Outage[];
}

/**
 * The part of a description that is written: what rules may see, so no secret is in it.
 * @param places of the workloads, as their engine tells them
 */
export function written(
  description: Description,
  places: ReadonlyMap<string, string | null>,
  { waivers = [], outages = [] }: Declarations = {},
): WrittenDescription {
  const { purpose, edges, apps, databases, balancers, backups, workloads, externalDatabases } = description;
  return {
    purpose,
    edges: edges.map((edge) => {
      const workload = workloads.find(({ path }) => path === edge.path)?.workload;
      const port = (inside: number) => workload?.ports.find(({ container }) => container.number === inside);
      const [http, https, admin] = [port(LISTEN.http), port(LISTEN.https), port(ADMIN_LISTENER.number)];
      return {
        ...edge,
        // Where a balancer stands between, it is the one who chooses the node.
        routes: edge.routes.map((route) => ({
          ...route,
          sticky: balancers.find(({ app }) => app === route.app)?.sticky ?? route.sticky,
        })),
        name: workload?.name.text ?? edge.path.split("/").at(-1) ?? edge.path,
        address: https?.address ?? http?.address ?? null,
        ports: {
          http: http?.host.number ?? null,
          https: https?.host.number ?? null,
          admin: admin?.host.number ?? null,
        },
      };
    }),
    apps,
    backups,
    externalDatabases,
    sharedFolders: description.sharedFolders.map((folders) =>
      writtenFolders(folders, description.hosts ?? []),
    ),
    fileServers: (description.fileServers ?? []).flatMap(({ path, clients }) =>
      (workloads.find((one) => one.path === path)?.workload.ports ?? []).map(({ host }) => ({
        port: host.number,
        clients: clients.map(String),
      })),
    ),
    databases: databases.flatMap(({ path, version }) =>
      version === undefined ? [] : [{ name: path.split("/").at(-1) ?? path, version }],
    ),
    workloads: workloads.map(({ path, workload }) =>
      writtenWorkload(path, workload, places.get(workload.name.text) ?? null),
    ),
    waivers,
    outages,
  };
}

function writtenFolders(described: DescribedSharedFolders, hosts: readonly Host[]): WrittenSharedFolders {
  const { path, storage, folders, quotas, applications } = described;
  const { description, redundancy = null, server = null, mountOptions } = storage;
  return {
    path,
    storage: { description, redundancy, server, mountOptions },
    folders,
    quotas: Object.fromEntries([...quotas].map(([folder, size]) => [folder, size.bytes])),
    applications,
    mount:
      storage instanceof Smb
        ? {
            point: storage.mountPoint,
            unit: mountUnitName(storage.mountPoint),
            content: smbMountUnit({ ...storage, options: mountOptions }),
            credentials: storage.credentials,
          }
        : null,
    script: storageScript({ folders: described, clients: hosts.flatMap(addressesOf) }) ?? null,
  };
}

/** Writes what a stack declared into the folder that Terraform runs in. */
export function writeDescription(
  workingDirectory: string,
  description: Description,
  places: ReadonlyMap<string, string | null>,
  declarations: Declarations,
): void {
  mkdirSync(workingDirectory, { recursive: true });
  const text = JSON.stringify(written(description, places, declarations), undefined, 2);
  writeFileSync(join(workingDirectory, DESCRIPTION_FILE), `${text}\n`);
}
