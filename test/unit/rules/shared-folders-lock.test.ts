import { expect, test } from "vitest";
import { sharedFoldersLock } from "../../../modules/rules/shared-folders-lock.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { described } from "../../support/description.ts";

const on = (storage: Storage) => described({ sharedFolders: [{ path: "prod/shared", storage }] });

test.each<Storage>([
  LocalDisk.volumes(),
  LocalDisk.folder("/srv/shared"),
  Nfs.v4("files", "/tank"),
  Zfs.dataset("tank"),
])("locks hold on $description", (storage) => {
  expect(sharedFoldersLock.check(on(storage))).toEqual([]);
});

test("storage without locks is a violation", () => {
  const storage: Storage = {
    description: "sshfs files:/tank",
    device: "sshfs:files",
    reachable: "many hosts",
    locks: false,
    driverOptions: () => ({}),
  };
  expect(sharedFoldersLock.check(on(storage))).toEqual([
    {
      path: "prod/shared",
      got: "sshfs files:/tank, where locks do not hold",
      allowed: "ZFS, NFS version 4 or a local disk",
      fix: 'Write on: Nfs.v4("10.0.0.20", "/tank/shared").',
    },
  ]);
});
