import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Backup, type BackupProps } from "../../../modules/backup/backup.ts";
import { Repository } from "../../../modules/backup/repository.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

const SFTP = Repository.sftp({
  host: "backup.example.org",
  user: "shop",
  path: "/backup",
  key: Secret.fromFile("backup-key", "/keys/backup"),
  hostKeys: [`ssh-ed25519 ${"A".repeat(68)}`],
});

function backedUp(props: Partial<BackupProps> = {}) {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const shared = new SharedFolders(environment, "shared");
  const shop = new App(environment, "shop", { source: hello() });
  const backup = new Backup(environment, "backup", { of: [db, shared], to: Repository.volume(), ...props });
  // After the backup: everything is asked only when the stack is written.
  shop.uses(db);
  shop.uses(shared);
  const workload = (name: string) => {
    const found = environment.describe().workloads.find((one) => one.workload.name.text === name);
    if (found === undefined) throw new Error(`no workload ${name}`);
    return found.workload;
  };
  return { environment, backup, db, workload };
}

test("the database is read without the right to write, by the user that its files belong to", () => {
  const { workload } = backedUp();
  const { user, volumes, networks, capabilities } = workload("backup-db");
  expect([user, capabilities]).toEqual([5432, []]);
  expect(volumes.map(({ volume, path, readOnly = false }) => [volume.name, path, readOnly])).toEqual([
    ["db-data", "/var/lib/postgresql", true],
    ["backup-databases", "/srv/backup/databases", false],
    ["db-backup-socket", "/run/slipway/backup", false],
    ["backup-db-state", "/var/lib/slipway/jobs", false],
  ]);
  expect(networks).toMatchObject([{ internal: true }]);
});

test("shared folders are read without the right to write, by the user that applications have", () => {
  const { workload } = backedUp();
  const { user, volumes } = workload("backup-files");
  expect(user).toBe(8000);
  expect(volumes.filter(({ readOnly }) => readOnly).map(({ path }) => path)).toEqual([
    "/srv/shared/shop/sessions",
    "/srv/shared/shop/errors",
    "/srv/shared/shop/uploads",
    "/srv/shared/shop/cache",
  ]);
});

test("secrets that exist nowhere else are part of it, and its own passphrase is not", () => {
  const { workload } = backedUp();
  const paths = workload("backup-files").secrets.map(({ path }) => path);
  expect(paths).toContain("/run/secrets/stack/db_shop_password");
  expect(paths).not.toContain("/run/secrets/stack/db_shop_url");
  expect(paths.filter((path) => path?.includes("passphrase"))).toEqual(["/run/secrets/passphrase"]);
});

test("the server hands its WAL over, and only one that is backed up does", () => {
  const conf = (name: string, { workload }: ReturnType<typeof backedUp>) =>
    workload(name).files.find(({ path }) => path.endsWith("postgresql.conf"))?.content;
  const stack = backedUp();
  new Postgres(stack.environment, "other", { memory: "512 MiB" });
  expect(conf("db", stack)).toContain(`archive_command = 'pgbackrest --stanza=db archive-push "%p"'`);
  expect(conf("other", stack)).not.toContain("archive");
});

test("only a repository on another machine needs a way out", () => {
  const here = backedUp();
  expect(here.workload("db").networks.map(({ name }) => name.text)).toEqual(["db"]);
  const there = backedUp({ to: SFTP });
  expect(there.workload("db").networks.map(({ name }) => name.text)).toEqual(["db", "backup"]);
  expect(there.workload("backup-db").networks).toMatchObject([{ internal: false }]);
  expect(there.workload("backup-files").environment.RESTIC_REPOSITORY).toBe(
    "sftp:shop@backup.example.org:/backup/files",
  );
});

test("no secret is in a file or a variable", () => {
  const { workload } = backedUp({ to: SFTP });
  for (const name of ["db", "backup-db", "backup-files"]) {
    const { files, environment, secrets } = workload(name);
    const shown = JSON.stringify([files, environment]);
    expect(shown).not.toMatch(/cipher-pass=|RESTIC_PASSWORD"/);
    expect(secrets.length).toBeGreaterThan(0);
  }
});

test.each<[string, Partial<BackupProps>]>([
  ['Invalid of of sandbox/backup "nothing"', { of: [] }],
  ['Invalid keep of sandbox/backup "36 hours"', { keep: "36 hours" }],
  ['Invalid every of sandbox/backup "30 seconds"', { every: "30 seconds" }],
  ['Invalid full of sandbox/backup "1 hour"', { full: "1 hour" }],
  ['Invalid full of sandbox/backup "40 days"', { full: "40 days" }],
])("%s", (message, props) => {
  expect(() => backedUp(props)).toThrow(message);
});

test("a second backup in one stack is refused", () => {
  const { environment, db } = backedUp();
  const second = () => new Backup(environment, "again", { of: [db], to: Repository.volume() });
  expect(second).toThrow('Invalid place of sandbox/again "beside sandbox/backup"');
});
