import { expect, test } from "vitest";
import { installationNotShared } from "../../../modules/rules/installation-not-shared.ts";
import { database, described, FILE_SERVER, folders, front, nodes } from "../../support/description.ts";

const code = { name: "code", storage: FILE_SERVER, folder: "code", keep: true };
const mountedAt = (path: string) =>
  installationNotShared.check(
    described({ workloads: [database(), nodes({ volumes: [{ volume: code, path }] }), front()] }),
  );

test("what applications write is shared", () => {
  expect(installationNotShared.check(described())).toEqual([]);
  expect(mountedAt("/srv/shared/sessions")).toEqual([]);
  expect(mountedAt("/srv/application-data")).toEqual([]);
});

test.each(["applications", "models", "static", "web2py"])("a shared folder %s is a violation", (folder) => {
  expect(
    installationNotShared.check(described({ sharedFolders: [folders({ folders: ["sessions", folder] })] })),
  ).toEqual([
    {
      path: "prod/shared",
      got: `a shared folder ${folder}, which is code`,
      allowed: "folders that applications write to, such as sessions, errors, uploads and cache",
      fix: `Leave ${folder} out of folders: the image has the code, and a release changes it.`,
    },
  ]);
});

test.each([
  "/srv/app",
  "/srv/app/applications/shop",
  "/srv",
  "/",
  "/srv/venv",
  "/opt/slipway",
])("a volume at %s is a violation", (path) => {
  expect(mountedAt(path)).toMatchObject([
    { path: "prod/shop", got: `code mounted at ${path}, over the code` },
  ]);
});

test("a database keeps its files where it likes", () => {
  const volumes = [{ volume: code, path: "/srv" }];
  expect(installationNotShared.check(described({ workloads: [database({ volumes })] }))).toEqual([]);
});
