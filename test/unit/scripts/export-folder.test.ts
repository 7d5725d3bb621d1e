import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { writeExport } from "../../../scripts/export/export-folder.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder();
const FILES = [{ path: "public/static/logo.svg", content: "<svg/>" }];
const usual = process.umask();

afterEach(() => void process.umask(usual));

test("folders can be read by a server they are copied to, whatever the umask, and the export is its owner's", async () => {
  process.umask(0o077);
  const out = join(folder, "modes");
  await writeExport(out, FILES);
  const mode = (path: string) => (statSync(join(out, path)).mode & 0o777).toString(8);
  expect([mode("."), mode("public"), mode("public/static"), mode("public/static/logo.svg")]).toEqual([
    "700",
    "755",
    "755",
    "644",
  ]);
});

test("a folder that cannot be is told with the fix, and not with a stack trace", async () => {
  writeFileSync(join(folder, "file"), "");
  const below = join(folder, "file/x");
  await expect(writeExport(below, FILES)).rejects.toMatchObject({
    name: "Problem",
    what: "The folder of the export cannot be written.",
    value: expect.stringContaining(below),
    fix: "name another one with --out",
  });
});

test("an earlier export is replaced as a whole, and a folder with something else is left as it is", async () => {
  const out = join(folder, "again");
  await writeExport(out, [{ path: "old", content: "" }]);
  await writeExport(out, FILES);
  expect(() => statSync(join(out, "old"))).toThrow("ENOENT");
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "mine"), "kept");
  await expect(writeExport(other, FILES)).rejects.toMatchObject({ name: "Problem" });
  expect(readFileSync(join(other, "mine"), "utf8")).toBe("kept");
});
