/**
 * What makes a storage host ready for shared folders, as a script that its administrator reads and runs there:
 *
 *     npm run --silent storage -- prod --script | ssh root@10.0.0.20 sh
 */
import type { DescribedSharedFolders } from "../../rules/description.ts";
import { Nfs } from "../../storage/nfs.ts";
import { FILES_OWNER } from "../../storage/owner.ts";
import { Zfs } from "../../storage/zfs.ts";
import type { Size } from "../../values/size.ts";
import { exportLine, nfsConf } from "./exports.ts";
import { COMMON, type DatasetProperty, propertiesOf } from "./folder-properties.ts";
import { sanoidConf, snapshotUnits } from "./snapshots.ts";

/** Of files that are ours alone. */
const CONFIGURATION = "/etc/slipway";

export interface StorageScriptProps {
  readonly folders: DescribedSharedFolders;
  /** Names or addresses of the hosts that mount; empty where the stack does not know them. */
  readonly clients: readonly string[];
}

/** The script; undefined for storage that needs none, or that no script can set up. */
export function storageScript({ folders, clients }: StorageScriptProps): string | undefined {
  const { storage, path } = folders;
  const parts = partsOf(folders, clients);
  return parts === undefined
    ? undefined
    : `#!/bin/sh
# Storage of ${path}: ${storage.description}. Written by Slipway (npm run storage).
# To be run as root on the storage host. It changes nothing that is so already, and deletes nothing.
set -eu
${parts.join("\n")}`;
}

function partsOf(folders: DescribedSharedFolders, clients: readonly string[]) {
  const { storage } = folders;
  if (storage instanceof Zfs)
    return [packages(["zfsutils-linux", "sanoid"]), ...zfs(storage, folders, "legacy")];
  // A server of the stack comes with its export.
  if (!(storage instanceof Nfs) || storage.servedBy !== undefined) return undefined;
  const { on } = storage;
  const pool = on instanceof Zfs ? on : undefined;
  return [
    packages(["nfs-kernel-server", ...(pool === undefined ? [] : ["zfsutils-linux", "sanoid"])]),
    ...(pool === undefined ? [] : zfs(pool, folders, storage.path)),
    owned(storage.path, folders),
    exported(storage.path, clients),
  ];
}

function packages(names: readonly string[]): string {
  return `
# Debian; ZFS is in contrib.
for package in ${names.join(" ")}; do
  dpkg-query -W -f '\${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="\${missing:-} $package"
done
if [ -n "\${missing:-}" ]; then
  apt-get -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends $missing
fi
`;
}

/** @param mountPoint of the dataset of all folders; `legacy` where Docker mounts each folder itself */
function zfs(pool: Zfs, folders: DescribedSharedFolders, mountPoint: string): readonly string[] {
  const datasets = folders.applications.flatMap((application) =>
    folders.folders.map((folder) => ({
      dataset: `${pool.dataset}/${application}/${folder}`,
      quota: folders.quotas.get(folder),
      properties: propertiesOf(folder),
      cached: folder === "cache",
    })),
  );
  const root = mountPoint === "legacy" ? "none" : mountPoint;
  return [
    poolPart(pool),
    `# A dataset for each folder: what one may take, another keeps. Reasons:
${reasons([...COMMON, ...datasets.flatMap(({ properties }) => properties)])}
dataset() {
  name=$1
  shift
  zfs list -H -o name "$name" >/dev/null 2>&1 || zfs create -p "$name"
  zfs set "$@" "$name"
}
dataset ${pool.dataset} mountpoint=${root} ${COMMON.map(({ property }) => property).join(" ")}
${datasets.map((one) => datasetLine(one, mountPoint)).join("\n")}
`,
    snapshots(pool, datasets),
  ];
}

function datasetLine(
  {
    dataset,
    quota,
    properties,
  }: { dataset: string; quota?: Size | undefined; properties: readonly DatasetProperty[] },
  mountPoint: string,
): string {
  const words = [
    ...(mountPoint === "legacy" ? ["mountpoint=legacy"] : []),
    ...properties.map(({ property }) => property),
    // Of the files alone: snapshots take from the pool, and not from what may still be written.
    `refquota=${quota === undefined ? "none" : quota.bytes}`,
  ];
  return `dataset ${dataset} ${words.join(" ")}`;
}

function reasons(properties: readonly DatasetProperty[]): string {
  const told = new Map(properties.map(({ property, reason }) => [property, reason]));
  return [...told].map(([property, reason]) => `#   ${property}: ${reason}`).join("\n");
}

/** A pool is made where there is none of the name and its disks are known: never over something else. */
function poolPart({ dataset, disks, redundancy }: Zfs): string {
  const [pool = dataset] = dataset.split("/");
  const layout = redundancy === undefined || redundancy === "none" ? "" : `${redundancy} `;
  const create = `zpool create -o ashift=12 -o autotrim=on -O mountpoint=none ${pool} ${layout}`;
  const otherwise =
    disks.length > 0
      ? `${create}${disks.join(" ")}`
      : `{ echo "There is no pool ${pool}. Make one first: ${create}/dev/disk/by-id/<disk> …" >&2; exit 1; }`;
  return `
# The pool, ${redundancy === undefined ? "of whose layout the stack says nothing" : redundancy}; sectors of 4 KiB, and disks are told what is free.
zpool list -H -o name ${pool} >/dev/null 2>&1 || ${otherwise}
`;
}

function snapshots({ dataset }: Zfs, datasets: readonly { dataset: string; cached: boolean }[]): string {
  const folder = `${CONFIGURATION}/sanoid/${mark(dataset)}`;
  const unit = `slipway-snapshots-${mark(dataset)}`;
  const { service, timer } = snapshotUnits(folder);
  return `# Snapshots by sanoid, with a configuration and a timer of their own.
mkdir -p ${folder}
cp /usr/share/sanoid/sanoid.defaults.conf ${folder}/sanoid.defaults.conf
${file(`${folder}/sanoid.conf`, sanoidConf(datasets))}
${file(`/etc/systemd/system/${unit}.service`, service)}
${file(`/etc/systemd/system/${unit}.timer`, timer)}
systemctl daemon-reload
systemctl enable --now --quiet ${unit}.timer
`;
}

function owned(path: string, { applications, folders }: DescribedSharedFolders): string {
  const all = applications.flatMap((application) =>
    folders.map((folder) => `${path}/${application}/${folder}`),
  );
  return `# Folders of the nodes' user.
for folder in ${all.join(" ")}; do
  mkdir -p "$folder"
  chown ${FILES_OWNER}:${FILES_OWNER} "$folder"
  chmod 750 "$folder"
done
`;
}

function exported(path: string, clients: readonly string[]): string {
  const known = clients.length > 0;
  const line = (names: readonly string[]) => exportLine({ path, clients: names, owner: FILES_OWNER });
  const exports = `/etc/exports.d/slipway-${mark(path)}.exports`;
  return `# The export, to the hosts that mount it and to nobody else.
mkdir -p /etc/exports.d /etc/nfs.conf.d
${
  known
    ? file(exports, `# Written by Slipway (npm run storage); changes are lost.\n${line(clients)}\n`)
    : `: "\${CLIENTS:?set it to the address of the host that mounts: CLIENTS=10.0.0.11 sh}"
for client in $CLIENTS; do
  echo '${line(["CLIENT"])}' | sed "s|CLIENT|$client|"
done > ${exports}`
}
before=$(cat /etc/nfs.conf.d/slipway.conf 2>/dev/null || true)
${file("/etc/nfs.conf.d/slipway.conf", nfsConf())}
systemctl enable --quiet nfs-server
if [ "$before" = "$(cat /etc/nfs.conf.d/slipway.conf)" ] && systemctl is-active --quiet nfs-server; then exportfs -ra; else systemctl restart nfs-server; fi
`;
}

/** Part of the names of files: several stacks may use one storage host, and none the folder of another. */
const mark = (path: string): string => path.replace(/^\//, "").replaceAll("/", "-") || "root";

function file(path: string, content: string): string {
  return `cat > ${path} <<'SLIPWAY-END'
${content}SLIPWAY-END`;
}
