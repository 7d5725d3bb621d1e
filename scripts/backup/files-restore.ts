import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Container } from "../stack/containers.ts";
import { docker } from "../stack/docker.ts";
import type { Note } from "../stack/progress.ts";
import type { Stack } from "../stack/stack.ts";
import type { FilesBackup } from "./contents.ts";
import { Helper, mountsOf } from "./helper.ts";

const USER = 8000;
const REPOSITORY = "/srv/backup/files";

/** Whether there is more in a backup of files than secrets. */
export async function hasFolders(files: Container): Promise<boolean> {
  return (await mountsOf(files)).some(({ Destination }) => Destination.startsWith("/srv/shared/"));
}

/**
 * Brings the shared folders back to a snapshot. What is in them now becomes a snapshot of its own first, so nothing is
 * lost; interrupted, it can be done again.
 */
export async function restoreFolders(
  stack: Stack,
  files: Container,
  snapshot: FilesBackup,
  note: Note,
): Promise<void> {
  const mounts = (await mountsOf(files)).flatMap(({ Name, Destination }) =>
    Name !== undefined && (Destination.startsWith("/srv/shared/") || Destination === REPOSITORY)
      ? [`${Name}:${Destination}`]
      : [],
  );
  const helper = await Helper.start({
    stack,
    name: "restore-files",
    like: files,
    user: USER,
    keeper: files,
    volumes: mounts,
  });
  try {
    note("keeps what is there as a snapshot");
    await helper.run("restic unlock; python3 -m slipway_backup.files --snapshot before-restore");
    note("restores");
    // The folders themselves are mount points: restic changes what is in them.
    await helper.run(
      `for folder in /srv/shared/*/*; do restic --no-cache restore "${snapshot.id}:$folder" --target "$folder" --delete; done`,
      { onLine: (line) => note(line.slice(0, 100)) },
    );
  } finally {
    await helper.remove();
  }
}

/** Names of the secrets in a backup. */
export async function secretsIn(files: Container, snapshot: FilesBackup): Promise<readonly string[]> {
  const listed = await docker(
    ["exec", files.id, "restic", "--quiet", "--no-lock", "ls", snapshot.id, "/run/secrets/stack"],
    { host: files.host, seconds: 300 },
  );
  return listed.split("\n").flatMap((line) => /^\/run\/secrets\/stack\/([a-z0-9_-]+)$/.exec(line)?.[1] ?? []);
}

/**
 * Puts secrets back into the store of the stack; those that it has stay, unless it is said otherwise.
 * @returns names of those that were put there
 */
export async function restoreSecrets(
  { secretsFolder }: Stack,
  files: Container,
  snapshot: FilesBackup,
  replace: boolean,
): Promise<readonly string[]> {
  const wanted = (await secretsIn(files, snapshot)).filter(
    (name) => replace || !existsSync(join(secretsFolder, name)),
  );
  mkdirSync(secretsFolder, { recursive: true, mode: 0o700 });
  for (const name of wanted) {
    const value = await docker(
      ["exec", files.id, "restic", "--quiet", "--no-lock", "dump", snapshot.id, `/run/secrets/stack/${name}`],
      { host: files.host, seconds: 300 },
    );
    const draft = join(secretsFolder, `.${name}.${process.pid}`);
    writeFileSync(draft, value, { mode: 0o600 });
    renameSync(draft, join(secretsFolder, name));
  }
  return wanted;
}
