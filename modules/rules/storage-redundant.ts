import { Nfs } from "../storage/nfs.ts";
import { Smb } from "../storage/smb.ts";
import type { Storage } from "../storage/storage.ts";
import { Zfs } from "../storage/zfs.ts";
import type { Rule } from "./rule.ts";

export const storageRedundant: Rule = {
  id: "storage-redundant",
  statement: "In production databases and shared folders are on storage that survives the death of a disk.",
  source:
    "recipe 12: RAID is asked for; known failure: a disk dies, and everybody waits for the restore of last night",
  check: ({ purpose, databases, sharedFolders }) =>
    purpose === "development"
      ? []
      : [...databases.filter(({ replicaOf }) => replicaOf === undefined), ...sharedFolders]
          .filter(({ storage: { redundancy = "none" } }) => redundancy === "none")
          .map(({ path, storage }) => ({
            path,
            got: `${storage.description}, ${storage.redundancy === undefined ? "of whose redundancy nothing is said" : "which has no redundancy"}`,
            allowed: "mirror, raidz1, raidz2, raidz3, raid1, raid5, raid6, raid10 or replicated",
            fix: `Write ${example(storage)} when that is so, or a waiver with the reason why it may be lost.`,
          })),
};

/** The storage with what it lacks, as it is written in a stack. */
function example(storage: Storage): string {
  if (storage instanceof Zfs) return `Zfs.dataset("${storage.dataset}", { redundancy: "mirror" })`;
  if (storage instanceof Nfs) return 'Nfs.v4(…, { redundancy: "raid1" })';
  if (storage instanceof Smb) return 'Smb.share(…, { redundancy: "raid1" })';
  return 'LocalDisk.volumes({ redundancy: "replicated" }) for the disk of a cloud, "raid1" for two of one\'s own,';
}
