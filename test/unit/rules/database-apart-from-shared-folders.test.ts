import { describe, expect, test } from "vitest";
import { databaseApartFromSharedFolders } from "../../../modules/rules/database-apart-from-shared-folders.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { described, server } from "../../support/description.ts";

const check = (storage: Storage, on: Storage, purpose: "development" | "production" = "production") =>
  databaseApartFromSharedFolders.check(
    described({
      purpose,
      databases: [server({ storage })],
      sharedFolders: [{ path: "prod/shared", storage: on }],
    }),
  );

test("a disk of its own is good", () => {
  expect(databaseApartFromSharedFolders.check(described())).toEqual([]);
});

test("the same storage is a violation", () => {
  const storage = Nfs.v4("10.0.0.20", "/tank/web2py");
  expect(check(storage, storage)).toEqual([
    {
      path: "prod/db",
      got: "storage nfs 10.0.0.20:/tank/web2py, which prod/shared is on as well",
      allowed: "a disk, pool or server other than that of nfs 10.0.0.20:/tank/web2py",
      fix: 'Write storage: LocalDisk.folder("/srv/postgres") with a disk of its own, or move the shared folders.',
    },
  ]);
});

describe("one device under two names", () => {
  test.each<[string, Storage, Storage]>([
    ["two exports of one server", Nfs.v4("10.0.0.20", "/tank/a"), Nfs.v4("10.0.0.20", "/tank/b")],
    ["two datasets of one pool", Zfs.dataset("tank/postgres"), Zfs.dataset("tank/shared")],
    ["a folder within the other", LocalDisk.folder("/srv/shared/db"), LocalDisk.folder("/srv/shared")],
    ["a folder around the other", LocalDisk.folder("/srv"), LocalDisk.folder("/srv/shared")],
    ["the engine's own volumes", LocalDisk.volumes(), LocalDisk.volumes()],
    ["a folder among the engine's", LocalDisk.folder("/var/lib/docker/volumes/db"), LocalDisk.volumes()],
  ])("%s is a violation", (_, storage, on) => {
    expect(check(storage, on)).toHaveLength(1);
    expect(check(on, storage)).toHaveLength(1);
  });

  test.each<[string, Storage, Storage]>([
    ["two servers", Nfs.v4("10.0.0.20", "/tank"), Nfs.v4("10.0.0.21", "/tank")],
    ["two pools", Zfs.dataset("fast/postgres"), Zfs.dataset("tank/shared")],
    ["pools with one beginning", Zfs.dataset("tank/postgres"), Zfs.dataset("tank2/shared")],
    ["folders with one beginning", LocalDisk.folder("/srv/shared-db"), LocalDisk.folder("/srv/shared")],
  ])("%s are apart", (_, storage, on) => {
    expect(check(storage, on)).toEqual([]);
  });
});

test("in development both may be on the only disk, but nowhere else", () => {
  expect(check(LocalDisk.volumes(), LocalDisk.volumes(), "development")).toEqual([]);
  expect(check(Zfs.dataset("tank/a"), Zfs.dataset("tank/b"), "development")).toHaveLength(1);
});
