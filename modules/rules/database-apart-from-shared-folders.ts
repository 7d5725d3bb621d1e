import { shareDevice } from "../storage/storage.ts";
import type { Rule } from "./rule.ts";

export const databaseApartFromSharedFolders: Rule = {
  id: "database-apart-from-shared-folders",
  statement: "The database does not live on the storage of the shared folders.",
  source: "recipe 12: one storage for both is the bottleneck that sharing was meant to remove",
  check: ({ purpose, databases, sharedFolders }) =>
    databases.flatMap((database) =>
      sharedFolders
        .filter((folders) => shareDevice(database.storage, folders.storage))
        // A laptop has one disk, and nobody measures it.
        .filter((folders) => purpose === "production" || folders.storage.device !== ENGINE_VOLUMES)
        .map((folders) => ({
          path: database.path,
          got: `storage ${database.storage.description}, which ${folders.path} is on as well`,
          allowed: `a disk, pool or server other than that of ${folders.storage.description}`,
          fix: 'Write storage: LocalDisk.folder("/srv/postgres") with a disk of its own, or move the shared folders.',
        })),
    ),
};

/** `LocalDisk.volumes()`. */
const ENGINE_VOLUMES = "disk:/var/lib/docker/volumes";
