import type { Rule } from "./rule.ts";

export const sharesForSharedFolders: Rule = {
  id: "shares-for-shared-folders",
  statement: "A share of SMB holds shared folders, and no database, backup or export.",
  source:
    "known failure: the share is not mounted, and all goes to the disk below its mount point; its locks end when its server restarts",
  check: ({ workloads }) => {
    // Whoever mounts it, it is one volume.
    const found = new Map(
      workloads.flatMap(({ path, workload }) =>
        workload.volumes
          .filter(({ volume }) => volume.owner === undefined && volume.storage.server?.protocol === "smb")
          .map(({ volume }) => [volume.name, { path, volume }] as const),
      ),
    );
    return [...found.values()].map(({ path, volume }) => ({
      path,
      got: `${volume.name} on ${volume.storage.description}`,
      allowed: "a disk, ZFS or NFS; for backups also SFTP or a store that speaks S3",
      fix: 'Write LocalDisk.folder("/srv/data"), Nfs.v4(…) or Repository.sftp({ … }).',
    }));
  },
};
