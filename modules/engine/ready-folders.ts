/**
 * Folders of storage outside of the engine are made and tried before the first node that mounts them is replaced: a file
 * server that is away, full, read-only or keeps no locks fails the deployment while all nodes serve as they did.
 */
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { DriverOptions, Storage } from "../storage/storage.ts";
import type { ClientAccess } from "./docker-provider.ts";
import { clientCommand, quoted } from "./shell.ts";
import { serversOf } from "./storage-server.ts";
import { TerraformData } from "./terraform-data.ts";
import type { VolumeMount, Workload } from "./workload.ts";

/** A host that may run the workload. */
export interface ReadyHost {
  readonly name: string;
  readonly client: ClientAccess;
}

export interface ReadyFoldersProps {
  readonly workload: Workload;
  /** Expression of its image, which has the command `ready-folders` (modules/app/image). */
  readonly image: string;
  /** Changes with whatever replaces an instance. */
  readonly release: string;
  readonly hosts: readonly ReadyHost[];
  /** What has to be there first. @default the image */
  readonly after?: readonly ITerraformDependable[];
}

/** Whether the folder of a mount is made and tried: the engine makes its own. */
export const isReadied = ({ volume: { owner, storage, folder }, readOnly = false }: VolumeMount): boolean =>
  !readOnly && owner !== undefined && Object.keys(storage.driverOptions(folder)).length > 0;

/** Logical name of the resource that makes and tries the folders of a workload. */
export const readyFoldersId = (workload: string): string => `${workload}-folders`;

/** Makes and tries the folders of a workload; undefined for one that mounts none. */
export function readyFolders(scope: Construct, props: ReadyFoldersProps): TerraformData | undefined {
  const { workload, image, release, hosts, after = [] } = props;
  const mounts = workload.volumes.filter(isReadied);
  if (mounts.length === 0) return undefined;
  const name = readyFoldersId(workload.name.text);
  const data = new TerraformData(new Construct(scope, name), workload.name.text, {
    triggersReplace: { image, release, hosts: hosts.map(({ name }) => name) },
    provisioners: [{ type: "local-exec", command: script(mounts, hosts), environment: { IMAGE: image } }],
    dependsOn: [...after],
  });
  data.overrideLogicalId(name);
  const servers = serversOf(workload);
  if (servers.length > 0) data.addOverride("depends_on", [...servers]);
  return data;
}

function script(mounts: readonly VolumeMount[], hosts: readonly ReadyHost[]): string {
  const storages = [...new Set(mounts.map(({ volume }) => volume.storage))];
  return [
    "set -eu",
    'refuse() { echo "$1 cannot be used on the host $2: $(explain "$3")" >&2; exit 1; }',
    EXPLAIN,
    ...hosts.flatMap(({ name, client }) => [
      "run() {",
      `  ${clientCommand(client)} run --rm --user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add FOWNER --cap-add SETGID --cap-add SETUID --security-opt no-new-privileges --log-driver none --entrypoint ready-folders "$@" 2>&1`,
      "}",
      ...storages.flatMap((storage) => trials(storage, mounts, name)),
    ]),
    "",
  ].join("\n");
}

/** Of one storage on one host. */
function trials(storage: Storage, all: readonly VolumeMount[], host: string): readonly string[] {
  const mounts = all.filter(({ volume }) => volume.storage === storage);
  const refusal = `|| refuse ${quoted(storage.description)} ${quoted(host)} "$said"`;
  const root = storage.root();
  const { server } = storage;
  const owner = `${mounts[0]?.volume.owner}`;
  const filesystem = storage.filesystem ?? "any";
  const folders = mounts.map(({ volume }) => volume.folder);
  const pairs = mounts.map(({ volume, path }) => ({
    mount: mountOf(storage.driverOptions(volume.folder), path),
    apart: storage.apart && mountOf(storage.apart(volume.folder), `${path}-apart`),
    paths: [path, storage.apart ? `${path}-apart` : path],
  }));
  return [
    ...(server === undefined
      ? []
      : [
          // From the host's own network, as its kernel mounts.
          `said=$(run --network host "$IMAGE" reach ${server.protocol} ${quoted(server.host)} ${server.port}) ${refusal}`,
        ]),
    ...(root === undefined
      ? []
      : [
          `said=$(run --network none ${mountOf(root, "/storage")} "$IMAGE" make ${owner} ${filesystem} /storage ${folders.map(quoted).join(" ")}) ${refusal}`,
        ]),
    `said=$(run --network none ${pairs.flatMap(({ mount, apart = "" }) => [mount, apart]).join(" ")} "$IMAGE" ${storage.locks ? "try" : "write"} ${owner} ${filesystem} ${pairs.flatMap(({ paths }) => paths.map(quoted)).join(" ")}) ${refusal}`,
  ];
}

const mountOf = (options: DriverOptions, path: string): string => `--mount ${quoted(mount(options, path))}`;

/** A volume without a name, which goes with its container, as `docker run --mount` takes it. */
export function mount(options: DriverOptions, path: string): string {
  const fields = [
    "type=volume",
    `dst=${path}`,
    "volume-driver=local",
    "volume-nocopy",
    ...Object.entries(options).map(([key, value]) => `volume-opt=${key}=${value}`),
  ];
  // Fields are those of a line of CSV.
  return fields.map((field) => (/[,"]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

/** What the engine says of a mount that failed is the kernel's word for it, mount(2). */
const EXPLAIN = `explain() {
  case "$1" in
    *"failed to mount local volume"*"no such file or directory"*) echo "there is no such folder, dataset or export, or it is exported to others only. Make it on the storage (npm run storage prints how). $1" ;;
    *"failed to mount local volume"*"no such device"*) echo "the kernel of the host cannot mount it. Install nfs-common, or the packages of ZFS, there. $1" ;;
    *"failed to mount local volume"*"permission denied"* | *"failed to mount local volume"*"operation not permitted"*) echo "the server refuses this host. Export it to the address of the host. $1" ;;
    *"failed to mount local volume"*) echo "it could not be mounted. $1" ;;
    *) echo "$1" ;;
  esac
}`;
