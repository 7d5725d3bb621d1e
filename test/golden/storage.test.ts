import { expect, test } from "vitest";
import { LocalDisk } from "../../modules/storage/local-disk.ts";
import { Nfs } from "../../modules/storage/nfs.ts";
import { Smb } from "../../modules/storage/smb.ts";
import type { Storage } from "../../modules/storage/storage.ts";
import { Zfs } from "../../modules/storage/zfs.ts";
import { Name } from "../../modules/values/name.ts";

test.each<[string, Storage]>([
  ["nfs-v4", Nfs.v4("10.0.0.20", "/tank/web2py/")],
  [
    "nfs-v4-of-the-stack",
    Nfs.v4("10.0.0.20", "/files", {
      port: 12_049,
      on: LocalDisk.folder("/srv/files"),
      servedBy: Name.of("files"),
    }),
  ],
  ["smb-share", Smb.share("//files.example.org/shared", { redundancy: "raid1" })],
  ["zfs-dataset", Zfs.dataset("tank/shared")],
  ["local-folder", LocalDisk.folder("/srv/shared")],
  ["local-volumes", LocalDisk.volumes()],
])("a volume on %s", async (name, storage) => {
  const { description, device, reachable, locks, redundancy, server, filesystem, mountOptions } = storage;
  const volume = {
    description,
    device,
    reachable,
    locks,
    redundancy: redundancy ?? null,
    server: server ?? null,
    filesystem: filesystem ?? null,
    mountOptions,
    driverOptions: storage.driverOptions("shop/uploads"),
    root: storage.root() ?? null,
    apart: storage.apart?.("shop/uploads") ?? null,
  };
  await expect(`${JSON.stringify(volume, null, 2)}\n`).toMatchFileSnapshot(`volume-${name}.golden`);
});

test("locks of NFS hold: they are never turned off, and a node sees at once what another wrote", () => {
  const { o = "" } = Nfs.v4("10.0.0.20", "/tank").driverOptions("shop");
  const options = o.split(",");
  expect(options).not.toContain("nolock");
  expect(options).not.toContain("soft");
  expect(options).toEqual(
    expect.arrayContaining(["addr=10.0.0.20", "nfsvers=4.2", "hard", "actimeo=0", "nosuid", "nodev"]),
  );
});

test.each<[string, () => Storage, string]>([
  ["a relative path of a server", () => Nfs.v4("10.0.0.20", "tank"), 'Write "/tank"'],
  ["a server that is no host", () => Nfs.v4("10.0.0.20:/tank", "/tank"), 'write "10.0.0.20"'],
  [
    "a dataset with a slash in front",
    () => Zfs.dataset("/tank/shared"),
    'Write a name such as "tank/shared"',
  ],
  ["a path with a comma", () => Nfs.v4("10.0.0.20", "/tank,ro"), "Export a folder with another name"],
  ["a port that is none", () => Nfs.v4("10.0.0.20", "/tank", { port: 0 }), "Choose the port"],
  ["a share in the notation of Windows", () => Smb.share("\\\\files\\shared"), 'Write "//files/shared"'],
  ["a share as a URL", () => Smb.share("smb://files/shared"), 'Write "//files/shared"'],
  ["a share without a name", () => Smb.share("//files"), 'Write "//10.0.0.20/shared"'],
  ["root as the owner of a share", () => Smb.share("//files/shared", { owner: 0 }), "Leave it out: 8000"],
  [
    "a mirror of one disk",
    () => Zfs.dataset("tank/shared", { redundancy: "mirror", disks: ["/dev/sdb"] }),
    'Write redundancy: "mirror" for two disks',
  ],
  [
    "disks that nobody says the layout of",
    () => Zfs.dataset("tank/shared", { disks: ["/dev/sdb", "/dev/sdc"] }),
    'Write redundancy: "mirror" for two disks',
  ],
  [
    "a disk with a name of its own",
    () => Zfs.dataset("tank/shared", { redundancy: "none", disks: ["sdb; reboot"] }),
    "Write a path that stays the same",
  ],
  ["a whole pool", () => Zfs.dataset("tank"), 'Write a name such as "tank/shared"'],
  ["a path that climbs", () => Nfs.v4("10.0.0.20", "/tank/../etc"), "Export a folder with another name"],
  ["a share that climbs", () => Smb.share("//10.0.0.20/.."), 'Write "//10.0.0.20/shared"'],
  ["a relative folder", () => LocalDisk.folder("data"), 'Write a path such as "/srv/data"'],
])("%s is refused", (_, make, fix) => {
  expect(make).toThrow(fix);
});
