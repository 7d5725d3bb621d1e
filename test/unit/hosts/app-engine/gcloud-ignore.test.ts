import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gcloudIgnore } from "../../../../modules/hosts/app-engine/gcloud-ignore.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** Those of some paths that are not uploaded: gcloud reads its file as git does (gcloud topic gcloudignore). */
function ignored(paths: readonly string[]): readonly string[] {
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".gitignore"), gcloudIgnore());
  spawnSync("git", ["init", "--quiet"], { cwd: folder });
  const { stdout } = spawnSync("git", ["check-ignore", "--no-index", "--stdin"], {
    cwd: folder,
    input: paths.join("\n"),
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line !== "");
}

test("what is for this machine alone is not uploaded", () => {
  const paths = [
    "secrets/db-url",
    "venv/bin/python",
    "README.md",
    ".slipway-export",
    "app/__pycache__/hello.pyc",
  ];
  expect(ignored(paths)).toEqual(paths);
});

test("what an application calls the same is uploaded", () => {
  expect(
    ignored([
      "app/apps/shop/secrets/words.txt",
      "app/venv/notes.txt",
      "app/static/README.md",
      "app/.gitignore",
    ]),
  ).toEqual([]);
});
