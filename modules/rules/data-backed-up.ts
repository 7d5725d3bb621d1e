import type { Rule } from "./rule.ts";

export const dataBackedUp: Rule = {
  id: "data-backed-up",
  statement: "In production every database and all shared folders are backed up.",
  source: "recipe 10; known failure: the disk dies, and nobody had decided who makes the backups",
  check: ({ purpose, databases, sharedFolders, backups }) => {
    const kept = new Set(backups.flatMap(({ of }) => of));
    return purpose === "development"
      ? []
      : [...databases.filter(({ replicaOf }) => replicaOf === undefined), ...sharedFolders]
          .filter(({ path }) => !kept.has(path))
          .map(({ path }) => ({
            path,
            got: "no backup",
            allowed: "a Backup that names it",
            fix: `Write new Backup(this, "backup", { of: [${path.split("/").at(-1)}], to: Repository.directory("/srv/backup") }).`,
          }));
  },
};
