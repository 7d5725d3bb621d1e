import type { WrittenDescription, WrittenSharedFolders } from "../../modules/environment/description-file.ts";

/** What the hosts of a stack need for its volumes and shared folders. */
export interface Stored {
  /** Folders of a host, absolute. */
  readonly folders: readonly string[];
  /** Of programs that mount. */
  readonly packages: readonly string[];
  readonly mounts: readonly NonNullable<WrittenSharedFolders["mount"]>[];
  /** File servers of the stack. */
  readonly servers: WrittenDescription["fileServers"];
}

/** As a stack was written last; one that asks for nothing where it was not. */
export function storedIn({
  workloads = [],
  sharedFolders = [],
  fileServers = [],
}: Partial<WrittenDescription>): Stored {
  const mounts = sharedFolders.flatMap(({ mount }) => mount ?? []);
  // Below a mount point they would be on the disk of the host, and the deployment makes those of the share.
  const onShare = (device: string) => mounts.some(({ point }) => device.startsWith(`${point}/`));
  const devices = workloads.flatMap(({ volumes }) =>
    volumes.flatMap(({ options: { type, device } }) =>
      // A bind mount; those of NFS and the like are elsewhere.
      type === "none" && device?.startsWith("/") && !onShare(device) ? [device] : [],
    ),
  );
  const protocols = sharedFolders.map(({ storage }) => storage.server?.protocol);
  return {
    folders: [...new Set(devices)],
    packages: [
      ...(protocols.includes("nfs") ? ["nfs-common"] : []),
      ...(protocols.includes("smb") ? ["cifs-utils"] : []),
    ],
    mounts,
    servers: fileServers,
  };
}
