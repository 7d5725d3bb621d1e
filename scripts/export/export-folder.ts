import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ExportedFile } from "../../modules/hosts/export/exported-file.ts";
import { Problem } from "../setup/problem.ts";

/** Tells a folder that an export may replace. */
const MARK = ".slipway-export";

/**
 * Writes an export as a whole, or leaves the folder as it was.
 * @throws Problem for a folder with something else in it, and for one that cannot be written
 */
export async function writeExport(folder: string, files: readonly ExportedFile[]): Promise<void> {
  const target = resolve(folder);
  await checkFolder(target, folder);
  try {
    await replace(target, files);
  } catch (error) {
    // What the file system says, such as EACCES or ENOSPC; anything else is a defect.
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new Problem({
      what: "The folder of the export cannot be written.",
      value: `${folder} (${error.message})`,
      allowed: "a folder in one that you may write to, with room for it",
      fix: "name another one with --out",
    });
  }
}

async function replace(target: string, files: readonly ExportedFile[]): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}`);
  await rm(draft, { recursive: true, force: true });
  try {
    // Keys and passwords are in it: it is for its owner, and for no repository.
    await mkdir(draft, { mode: 0o700 });
    for (const { path, content, mode = 0o644 } of [
      ...files,
      { path: MARK, content: "Written by npm run export, which replaces this folder as a whole.\n" },
      { path: ".gitignore", content: "# Keys and passwords are in this folder.\n*\n" },
    ]) {
      const file = join(draft, path);
      await makeFolders(draft, dirname(path));
      await writeFile(file, content, { mode });
      await chmod(file, mode);
    }
    await rm(target, { recursive: true, force: true });
    await rename(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Readable to all, whatever the umask: they are copied to hosts with their modes. The draft itself is closed. */
async function makeFolders(draft: string, path: string): Promise<void> {
  if (path === "." || existsSync(join(draft, path))) return;
  await makeFolders(draft, dirname(path));
  await mkdir(join(draft, path));
  await chmod(join(draft, path), 0o755);
}

async function checkFolder(target: string, written: string): Promise<void> {
  if (!existsSync(target) || existsSync(join(target, MARK))) return;
  const names = await readdir(target).catch(() => undefined);
  if (names?.length === 0) return;
  throw new Problem({
    what:
      names === undefined
        ? "The folder of the export is no folder."
        : "The folder of the export holds something else, which is left as it is.",
    value: written,
    allowed: "a folder that is new, empty, or an earlier export",
    fix: "name another one with --out",
  });
}
