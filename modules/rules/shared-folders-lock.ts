import type { Rule } from "./rule.ts";

/** Folders that several requests write to at a time. */
const LOCKED = ["sessions", "cache"];

export const sharedFoldersLock: Rule = {
  id: "shared-folders-lock",
  statement: "Sessions and caches that nodes share are on storage whose file locks hold.",
  source:
    "recipe 12: sessions and caches are torn where two nodes write at once; seen with SMB, whose locks end when its server restarts",
  check: ({ sharedFolders }) =>
    sharedFolders
      .filter(({ storage }) => !storage.locks)
      .flatMap(({ path, storage, folders }) => {
        const locked = folders.filter((folder) => LOCKED.includes(folder));
        return locked.length === 0
          ? []
          : [
              {
                path,
                got: `${locked.join(" and ")} on ${storage.description}, where locks do not hold`,
                allowed: "ZFS, NFS version 4 or a local disk",
                fix: 'Write on: Nfs.v4("10.0.0.20", "/tank/shared"), or folders: ["errors", "uploads"] and keep sessions in a database.',
              },
            ];
      }),
};
