import { expect, test } from "vitest";
import { storageRedundant } from "../../../modules/rules/storage-redundant.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Smb } from "../../../modules/storage/smb.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { described, folders, server } from "../../support/description.ts";

const shared = (storage: Storage, purpose: "development" | "production" = "production") =>
  storageRedundant.check(described({ purpose, sharedFolders: [folders({ storage })] }));

test.each<Storage>([
  LocalDisk.volumes({ redundancy: "replicated" }),
  LocalDisk.folder("/srv/shared", { redundancy: "raid1" }),
  Zfs.dataset("tank/shared", { redundancy: "raidz2" }),
  Nfs.v4("files", "/tank", { on: Zfs.dataset("tank/shared", { redundancy: "mirror" }) }),
  Nfs.v4("files", "/tank", { redundancy: "raid10" }),
  Smb.share("//files/shared", { redundancy: "raid6" }),
])("$description survives a disk as $redundancy", (storage) => {
  expect(shared(storage)).toEqual([]);
});

test("a disk alone is a violation", () => {
  expect(shared(Zfs.dataset("tank/shared", { redundancy: "none" }))).toEqual([
    {
      path: "prod/shared",
      got: "zfs tank/shared, which has no redundancy",
      allowed: "mirror, raidz1, raidz2, raidz3, raid1, raid5, raid6, raid10 or replicated",
      fix: 'Write Zfs.dataset("tank/shared", { redundancy: "mirror" }) when that is so, or a waiver with the reason why it may be lost.',
    },
  ]);
});

test.each<[Storage, string]>([
  [LocalDisk.volumes(), 'LocalDisk.volumes({ redundancy: "replicated" })'],
  [Nfs.v4("files", "/tank"), 'Nfs.v4(…, { redundancy: "raid1" })'],
  [Smb.share("//files/shared"), 'Smb.share(…, { redundancy: "raid1" })'],
])("what nobody says of $0.description is asked for", (storage, example) => {
  const [violation] = shared(storage);
  expect(violation?.got).toContain("of whose redundancy nothing is said");
  expect(violation?.fix).toContain(example);
});

test("nobody loses anything in development", () => {
  expect(shared(LocalDisk.volumes(), "development")).toEqual([]);
});

test("a database is asked as well, and a copy of it is not", () => {
  const storage = LocalDisk.folder("/srv/postgres");
  const check = (...databases: ReturnType<typeof server>[]) =>
    storageRedundant.check(described({ databases }));
  expect(check(server({ storage }))).toHaveLength(1);
  const { version: _, ...copy } = server({ path: "prod/copy", storage, replicaOf: "prod/db" });
  expect(check(server(), copy)).toEqual([]);
});
