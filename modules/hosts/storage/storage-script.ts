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
/** Property of a dataset that was made for shared folders, and their path in the stack. */
const MARK = "slipway:folders";

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
  if (storage instanceof Zfs) return [zfsPackages(), ...zfs(storage, folders, "legacy")];
  // A server of the stack comes with its export. The root of another one is put together by its administrator.
  if (!(storage instanceof Nfs) || storage.servedBy !== undefined || storage.path === "") return undefined;
  const { on } = storage;
  const pool = on instanceof Zfs ? on : undefined;
  return [
    packages(["nfs-kernel-server"]),
    ...(pool === undefined ? [] : [zfsPackages(), ...zfs(pool, folders, storage.path)]),
    owned(storage.path, folders),
    exported(storage.path, folders.path, clients),
  ];
}

function packages(names: readonly string[]): string {
  return `
# Packages of Debian. Input is taken from nobody: this may be piped into a shell.
missing=
for package in ${names.join(" ")}; do
  dpkg-query -W -f '\${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  apt-get -q update </dev/null
  DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends $missing </dev/null
fi
`;
}

/** ZFS is in contrib; its module is compiled for the kernel that runs, and zfs-zed tells of a disk that died. */
function zfsPackages(): string {
  return `
apt-cache policy zfsutils-linux | grep -q 'Candidate: [0-9]' || apt-get -q update </dev/null
if ! apt-cache policy zfsutils-linux | grep -q 'Candidate: [0-9]'; then
  echo "ZFS is in contrib, which apt does not look at here: add contrib to the components in /etc/apt/sources.list" >&2
  exit 1
fi
modinfo zfs >/dev/null 2>&1 || kernel="linux-headers-$(uname -r) zfs-dkms"
${packages(["${kernel:-}", "zfsutils-linux", "zfs-zed", "sanoid"]).trim()}
modprobe zfs
`;
}

interface FolderDataset {
  readonly dataset: string;
  /** The same below the dataset of all folders. */
  readonly below: string;
  readonly quota: Size | undefined;
  readonly properties: readonly DatasetProperty[];
  readonly cached: boolean;
}

/** @param mountPoint of the dataset of all folders; `legacy` where Docker mounts each folder itself */
function zfs(pool: Zfs, folders: DescribedSharedFolders, mountPoint: string): readonly string[] {
  const datasets = folders.applications.flatMap((application) =>
    folders.folders.map((folder) => ({
      dataset: `${pool.dataset}/${application}/${folder}`,
      below: `${application}/${folder}`,
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
# Where it is mounted is said when it is made, and never again: zfs set would unmount it under those who use it.
dataset() {
  name=$1 mountpoint=$2
  shift 2
  if ! zfs list -H -o name "$name" >/dev/null 2>&1; then
    options=
    for property; do options="$options -o $property"; done
    zfs create -p -o mountpoint="$mountpoint" -o ${MARK}=${folders.path} $options "$name"
  elif [ "$(zfs get -H -o value ${MARK} "$name")" = - ] || [ "$(zfs get -H -o value mountpoint "$name")" != "$mountpoint" ]; then
    echo "$name is there already, with the mount point $(zfs get -H -o value mountpoint "$name"), and was not made for shared folders at $mountpoint. Name another dataset in the stack, or, when it is meant: zfs set ${MARK}=${folders.path} mountpoint=$mountpoint $name" >&2
    exit 1
  fi
  [ $# -eq 0 ] || zfs set "$@" "$name"
}
dataset ${pool.dataset} ${root} ${COMMON.map(({ property }) => property).join(" ")}
${datasets.map((one) => datasetLine(one, mountPoint)).join("\n")}
`,
    snapshots(folders.path, pool, datasets),
  ];
}

function datasetLine({ dataset, below, quota, properties }: FolderDataset, mountPoint: string): string {
  const words = [
    mountPoint === "legacy" ? "legacy" : `${mountPoint}/${below}`,
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

function snapshots(path: string, { dataset }: Zfs, datasets: readonly FolderDataset[]): string {
  const folder = `${CONFIGURATION}/sanoid/${mark(dataset, path)}`;
  const unit = `slipway-snapshots-${mark(dataset, path)}`;
  const { service, timer } = snapshotUnits(folder);
  return `# Snapshots by sanoid, with a configuration and a timer of their own.
mkdir -p ${folder}
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

function exported(path: string, of: string, clients: readonly string[]): string {
  const known = clients.length > 0;
  const line = (names: readonly string[]) => exportLine({ path, clients: names, owner: FILES_OWNER });
  const exports = `/etc/exports.d/slipway-${mark(path, of)}.exports`;
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

/** Part of the names of files: several stacks, and several shared folders of one, may be on one storage. */
const mark = (path: string, folders: string): string =>
  [...path.split("/"), ...folders.split("/")].filter((part) => part !== "").join("-");

function file(path: string, content: string): string {
  return `cat > ${path} <<'SLIPWAY-END'
${content}SLIPWAY-END`;
}
