import { describe, expect, test } from "vitest";
import { Host, type HostRole } from "../../../modules/hosts/host.ts";
import { databaseApartFromSharedFolders } from "../../../modules/rules/database-apart-from-shared-folders.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Smb } from "../../../modules/storage/smb.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { described, externalDatabase, folders, server } from "../../support/description.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0WK5gVbJ3rQ3vXl6n3bW0Fh0cQd1X3sBv2t6n3bW0F";

const check = (storage: Storage, on: Storage, purpose: "development" | "production" = "production") =>
  databaseApartFromSharedFolders.check(
    described({
      purpose,
      databases: [server({ storage })],
      sharedFolders: [folders({ storage: on })],
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
    ["an export and a share of one server", Nfs.v4("10.0.0.20", "/tank/a"), Smb.share("//10.0.0.20/b")],
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

describe("the machine that serves the files", () => {
  const hosted = (advertise: string) =>
    databaseApartFromSharedFolders.check(
      described({
        hosts: [Host.of({ name: "one", address: "ssh://root@one.example.org", hostKeys: [KEY], advertise })],
        sharedFolders: [folders({ storage: Nfs.v4("10.0.0.20", "/tank") })],
      }),
    );

  test("has no database on a disk of its own either", () => {
    expect(hosted("10.0.0.20")).toEqual([
      {
        path: "prod/db",
        got: "the database on the host one, which serves the files of prod/shared",
        allowed: "a host other than that of nfs 10.0.0.20:/tank",
        fix: "Serve the files from a machine of their own, or leave the role db to another host.",
      },
    ]);
  });

  test("may be another than that of the database", () => {
    expect(hosted("10.0.0.21")).toEqual([]);
  });

  test.each([
    ["10.0.0.20", 1],
    ["10.0.0.21", 0],
  ])("serves no external database: %s is %i violations", (host, count) => {
    const found = databaseApartFromSharedFolders.check(
      described({ databases: [], externalDatabases: [externalDatabase({ host })] }),
    );
    expect(found).toHaveLength(count);
  });
});

test("of several hosts the first that may have the database counts", () => {
  const host = (name: string, advertise: string, roles: readonly HostRole[]) =>
    Host.of({ name, address: `ssh://root@${name}.example.org`, hostKeys: [KEY], advertise, roles });
  const check = (...hosts: Host[]) =>
    databaseApartFromSharedFolders.check(described({ hosts, swarm: { hosts, publish: "host" } }));
  expect(check(host("files", "10.0.0.20", ["storage", "web"]), host("data", "10.0.0.21", ["db"]))).toEqual(
    [],
  );
  expect(
    check(host("files", "10.0.0.20", ["storage", "db"]), host("data", "10.0.0.21", ["db"])),
  ).toHaveLength(1);
});
