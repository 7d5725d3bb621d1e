import { expect, test } from "vitest";
import { sharesForSharedFolders } from "../../../modules/rules/shares-for-shared-folders.ts";
import { Smb } from "../../../modules/storage/smb.ts";
import { database, described, nodes } from "../../support/description.ts";

const storage = Smb.share("//10.0.0.20/shared");

test("shared folders may be on a share", () => {
  const volume = { name: "shared_shop_uploads", storage, folder: "shop/uploads", keep: true, owner: 8000 };
  const workloads = [database(), nodes({ volumes: [{ volume, path: "/srv/shared/uploads" }] })];
  expect(sharesForSharedFolders.check(described({ workloads }))).toEqual([]);
});

test("a database on a share is a violation, told once", () => {
  const volume = { name: "db-data", storage, folder: "db", keep: true };
  const mounted = { volumes: [{ volume, path: "/var/lib/postgresql" }] };
  expect(
    sharesForSharedFolders.check(described({ workloads: [database(mounted), nodes(mounted)] })),
  ).toMatchObject([{ got: "db-data on smb //10.0.0.20/shared", allowed: expect.stringContaining("NFS") }]);
});
