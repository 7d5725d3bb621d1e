import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** The names of files that make a folder look like an installation of web2py. */
export const INSTALLATION = [
  "gluon/main.py",
  "gluon/packages/pydal/setup.py",
  "gluon/tests/test_dal.py",
  "parameters_443.py",
  "applications/admin/controllers/default.py",
  "applications/examples/controllers/default.py",
  "applications/welcome/controllers/default.py",
  "applications/shop/controllers/default.py",
  "applications/shop/requirements.txt",
  "applications/shop/databases/storage.sqlite",
  "applications/shop/sessions/someone",
  "applications/blog/compiled/controllers.default.index.pyc",
] as const;

/** A folder with empty files of these names. */
export function folderOf(names: readonly string[], folder = temporaryFolder()): string {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  return folder;
}
