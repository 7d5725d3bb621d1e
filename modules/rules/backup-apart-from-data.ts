import { sameDevice } from "../storage/storage.ts";
import type { Rule } from "./rule.ts";

export const backupApartFromData: Rule = {
  id: "backup-apart-from-data",
  statement: "In production backups are not on the storage of what they are backups of.",
  source: "known failure: one disk dies, and takes the data and all its backups with it",
  check: ({ purpose, databases, sharedFolders, backups }) =>
    purpose === "development"
      ? []
      : backups.flatMap(({ path, of, repository: { device, description } }) => {
          const beside = [...databases, ...sharedFolders].filter(
            (data) =>
              of.includes(data.path) && device !== undefined && sameDevice(device, data.storage.device),
          );
          return beside.length === 0
            ? []
            : [
                {
                  path,
                  got: `${description}, where ${beside.map((data) => data.path).join(" and ")} are as well`,
                  allowed: "another disk, another machine or a store that speaks S3",
                  fix: 'Write to: Repository.sftp({ … }), Repository.s3({ … }) or Repository.directory("/mnt/other-disk").',
                },
              ];
        }),
};
