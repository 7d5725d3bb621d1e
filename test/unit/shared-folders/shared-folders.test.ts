import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import { NfsServer } from "../../../modules/nfs-server/nfs-server.ts";
import { SharedFolders, type SharedFoldersProps } from "../../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

const made = (props: SharedFoldersProps = {}) => new SharedFolders(sandbox(), "shared", props);

test("each application has a volume for each folder, made for the user of its nodes", () => {
  const environment = sandbox();
  const shared = new SharedFolders(environment, "shared", { folders: ["uploads", "media"] });
  const shop = new App(environment, "shop", { source: hello() });
  shop.uses(shared);
  const mounts = shop.workloads()[0]?.volumes.filter(({ path }) => path.startsWith("/srv/shared/"));
  expect(mounts).toMatchObject([
    {
      path: "/srv/shared/uploads",
      volume: { name: "shared_shop_uploads", folder: "shop/uploads", owner: 8000 },
    },
    { path: "/srv/shared/media", volume: { name: "shared_shop_media", folder: "shop/media", owner: 8000 } },
  ]);
});

test.each<[string, SharedFoldersProps, string]>([
  ["a path for a folder", { folders: ["../etc"] }, '"../etc"'],
  ["all of an installation", { folders: ["."] }, '"."'],
  ["no folders", { folders: [] }, "at least one name"],
  ["a folder twice", { folders: ["cache", "cache"] }, "cache, twice"],
  ["a quota of another folder", { quotas: { upload: "1 GiB" } }, 'add "upload" to folders'],
  ["a quota on a disk", { quotas: { uploads: "1 GiB" } }, 'Write on: Zfs.dataset("tank/shared")'],
  [
    "a quota of a server that nothing is known of",
    { on: Nfs.v4("10.0.0.20", "/tank"), quotas: { uploads: "1 GiB" } },
    'Write Nfs.v4(…, { on: Zfs.dataset("tank/shared") })',
  ],
  [
    "a quota of a server with another disk",
    { on: Nfs.v4("10.0.0.20", "/tank", { on: LocalDisk.folder("/tank") }), quotas: { uploads: "1 GiB" } },
    "quotas on ZFS",
  ],
  [
    "a quota of a server of the stack, whose folders are no datasets",
    {
      on: new NfsServer(sandbox(), "files", {
        on: Zfs.dataset("tank/files"),
        address: "10.0.0.20",
        clients: ["10.0.0.1/32"],
      }).storage,
      quotas: { uploads: "1 GiB" },
    },
    "Leave out quotas: files has one folder for all",
  ],
])("%s is refused", (_, props, text) => {
  expect(() => made(props)).toThrow(text);
});

test("a quota of ZFS is taken, here and on a server", () => {
  const quotas = { uploads: "1 GiB" } as const;
  const pool = Zfs.dataset("tank/shared");
  expect(() => made({ on: pool, quotas })).not.toThrow();
  expect(() => made({ on: Nfs.v4("10.0.0.20", "/tank", { on: pool }), quotas })).not.toThrow();
});

test("sessions are kept in folders that have a place for them", () => {
  expect(() => Sessions.inFiles(made({ folders: ["uploads"] }))).toThrow('Add "sessions" to folders');
  expect(Sessions.inFiles(made()).place).toBe("files");
});
