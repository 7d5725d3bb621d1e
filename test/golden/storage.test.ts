import { expect, test } from "vitest";
import { LocalDisk } from "../../modules/storage/local-disk.ts";
import { Nfs } from "../../modules/storage/nfs.ts";
import type { Storage } from "../../modules/storage/storage.ts";
import { Zfs } from "../../modules/storage/zfs.ts";

test.each<[string, Storage]>([
  ["nfs-v4", Nfs.v4("10.0.0.20", "/tank/web2py/")],
  ["zfs-dataset", Zfs.dataset("tank/shared")],
  ["local-folder", LocalDisk.folder("/srv/shared")],
  ["local-volumes", LocalDisk.volumes()],
])("a volume on %s", async (name, storage) => {
  const { description, device, reachable, locks } = storage;
  const volume = {
    description,
    device,
    reachable,
    locks,
    driverOptions: storage.driverOptions("shop/uploads"),
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
  ["a relative folder", () => LocalDisk.folder("data"), 'Write a path such as "/srv/data"'],
])("%s is refused", (_, make, fix) => {
  expect(make).toThrow(fix);
});
