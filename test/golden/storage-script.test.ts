import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { mountUnitName, smbMountUnit } from "../../modules/hosts/storage/smb-mount.ts";
import { storageScript } from "../../modules/hosts/storage/storage-script.ts";
import { LocalDisk } from "../../modules/storage/local-disk.ts";
import { Nfs } from "../../modules/storage/nfs.ts";
import { Smb } from "../../modules/storage/smb.ts";
import type { Storage } from "../../modules/storage/storage.ts";
import { Zfs } from "../../modules/storage/zfs.ts";
import { Size } from "../../modules/values/size.ts";
import { folders } from "../support/description.ts";

const pool = Zfs.dataset("tank/web2py", {
  redundancy: "mirror",
  disks: ["/dev/disk/by-id/ata-one", "/dev/disk/by-id/ata-two"],
});
const script = (storage: Storage, clients: readonly string[] = ["10.0.0.11", "10.0.0.12"]) =>
  storageScript({
    folders: folders({ storage, quotas: new Map([["uploads", Size.of("50 GiB")]]) }),
    clients,
  });

test.each<[string, Storage, (readonly string[])?]>([
  ["zfs", pool],
  ["zfs-without-disks", Zfs.dataset("tank/web2py", { redundancy: "raidz2" })],
  ["nfs-on-zfs", Nfs.v4("10.0.0.20", "/tank/web2py", { on: pool })],
  ["nfs", Nfs.v4("10.0.0.20", "/srv/shared")],
  ["nfs-clients-unknown", Nfs.v4("10.0.0.20", "/srv/shared"), []],
])("the script of a storage host: %s", async (name, storage, clients) => {
  const text = script(storage, clients);
  await expect(text).toMatchFileSnapshot(`storage-script-${name}.golden`);
  expect(() => execFileSync("sh", ["-n", "-c", text ?? ""])).not.toThrow();
});

test("a pool may be called as an application is", () => {
  const storage = Nfs.v4("10.0.0.20", "/shop/files", { on: Zfs.dataset("shop/files") });
  expect(script(storage)).toContain("\ndataset shop/files/shop/cache /shop/files/shop/cache ");
});

test("the root of a server is put together by its administrator", () => {
  expect(script(Nfs.v4("10.0.0.20", "/"))).toBeUndefined();
});

test("a disk of the host and a share are set up by nobody's script", () => {
  expect(script(LocalDisk.volumes())).toBeUndefined();
  expect(script(Smb.share("//files/shared"))).toBeUndefined();
});

test("the unit that mounts a share", async () => {
  const storage = Smb.share("//files.example.org/shared-files", { redundancy: "raid1" });
  const unit = smbMountUnit({ ...storage, options: storage.mountOptions });
  await expect(unit).toMatchFileSnapshot("smb-mount-unit.golden");
});

test.each([
  ["/srv/smb/files.example.org/shared", "srv-smb-files.example.org-shared.mount"],
  ["/srv/smb/files/shared-files", "srv-smb-files-shared\\x2dfiles.mount"],
  ["/srv/smb/files/backup$", "srv-smb-files-backup\\x24.mount"],
])("the mount point %s has the unit %s, as systemd-escape says", (path, name) => {
  expect(mountUnitName(path)).toBe(name);
});
