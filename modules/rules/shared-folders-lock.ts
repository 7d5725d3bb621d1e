import type { Rule } from "./rule.ts";

export const sharedFoldersLock: Rule = {
  id: "shared-folders-lock",
  statement: "Shared folders are on storage whose file locks hold.",
  source: "recipe 12: sessions and caches are torn where two nodes write at once",
  check: ({ sharedFolders }) =>
    sharedFolders
      .filter(({ storage }) => !storage.locks)
      .map(({ path, storage }) => ({
        path,
        got: `${storage.description}, where locks do not hold`,
        allowed: "ZFS, NFS version 4 or a local disk",
        fix: 'Write on: Nfs.v4("10.0.0.20", "/tank/shared").',
      })),
};
