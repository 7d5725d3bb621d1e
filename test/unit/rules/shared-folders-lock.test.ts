import { expect, test } from "vitest";
import { sharedFoldersLock } from "../../../modules/rules/shared-folders-lock.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Smb } from "../../../modules/storage/smb.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { described, folders } from "../../support/description.ts";

const on = (storage: Storage, names = ["sessions", "uploads"]) =>
  described({ sharedFolders: [folders({ storage, folders: names })] });

test.each<Storage>([
  LocalDisk.volumes(),
  LocalDisk.folder("/srv/shared"),
  Nfs.v4("files", "/tank"),
  Zfs.dataset("tank/shared"),
])("locks hold on $description", (storage) => {
  expect(sharedFoldersLock.check(on(storage))).toEqual([]);
});

test("sessions without locks are a violation", () => {
  expect(sharedFoldersLock.check(on(Smb.share("//files/shared")))).toEqual([
    {
      path: "prod/shared",
      got: "sessions on smb //files/shared, where locks do not hold",
      allowed: "ZFS, NFS version 4 or a local disk",
      fix: 'Write on: Nfs.v4("10.0.0.20", "/tank/shared"), or folders: ["errors", "uploads"] and keep sessions in a database.',
    },
  ]);
});

test("so is a cache, but uploads are written once", () => {
  const storage = Smb.share("//files/shared");
  expect(sharedFoldersLock.check(on(storage, ["cache"]))).toHaveLength(1);
  expect(sharedFoldersLock.check(on(storage, ["errors", "uploads"]))).toEqual([]);
});
