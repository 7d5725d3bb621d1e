import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { InvalidValue } from "../values/invalid-value.ts";
import type { Build, ContextPart } from "./build.ts";
import { hostCertificates } from "./host-certificates.ts";

/** Never part of a context, whatever the folder: editors, caches and what a run of the application left behind. */
const IGNORED = new Set(["__pycache__", ".git", ".DS_Store", ".venv", "node_modules"]);

interface Entry {
  readonly executable: boolean;
  readonly content: Buffer;
}

/** A build context laid out in a folder of its own, named by the hash of its content. */
export interface StagedContext {
  /** First 16 hexadecimal digits of the SHA-256 over paths, modes and bytes. */
  readonly hash: string;
  /** Absolute path of the folder. */
  readonly folder: string;
}

/**
 * Lays a build's files out below `root` and returns where. An unchanged context is not written again.
 *
 * The certificates that this host trusts on top of its distribution lie beside the context's own files, in
 * `.host-certificates`, for a `RUN --mount=type=bind` of the Dockerfile. They are not hashed: the same source gives the
 * same image behind a proxy and without one.
 * @param certificates file of them, or null for none. @default what this host trusts
 * @throws InvalidValue when a folder does not exist.
 */
export function stageContext(
  build: Build,
  root: string,
  certificates: string | null = hostCertificates() ?? null,
): StagedContext {
  const entries = collect(build.context);
  const hash = hashOf(entries, build.args);
  const folder = join(root, `${build.name}-${hash}`);
  if (!existsSync(folder)) write(entries, folder, certificates);
  return { hash, folder };
}

function collect(parts: readonly ContextPart[]): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const part of parts) {
    if ("file" in part) entries.set(part.file, { executable: false, content: Buffer.from(part.content) });
    else walk(part.folder, part.into, new Set(part.ignore), entries);
  }
  return entries;
}

function walk(folder: string, into: string, ignore: ReadonlySet<string>, entries: Map<string, Entry>): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new InvalidValue({
      what: "folder",
      got: folder,
      allowed: "a folder that exists",
      fix: "Check the path; it is relative to the project",
    });
  }
  for (const name of readdirSync(folder).sort()) {
    if (IGNORED.has(name) || ignore.has(name)) continue;
    const path = join(folder, name);
    // An editor's lock may be a link that leads nowhere.
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isDirectory()) walk(path, join(into, name), NOTHING, entries);
    else if (stat.isFile()) {
      entries.set(join(into, name), { executable: (stat.mode & 0o100) !== 0, content: readFileSync(path) });
    }
  }
}

const NOTHING: ReadonlySet<string> = new Set();

function hashOf(entries: Map<string, Entry>, args: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256").update(JSON.stringify(args));
  for (const [path, { executable, content }] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\0${path}\0${executable ? "x" : "-"}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

function write(entries: Map<string, Entry>, folder: string, certificates: string | null): void {
  // Written aside and renamed, so that an interrupted run leaves no half context under a valid name.
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  for (const [path, { executable, content }] of entries) {
    const file = join(draft, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, executable ? 0o755 : 0o644);
  }
  const trusted = join(draft, ".host-certificates");
  mkdirSync(trusted, { recursive: true });
  if (certificates !== null) copyFileSync(certificates, join(trusted, "bundle.pem"));
  openFolders(draft);
  renameSync(draft, folder);
}

/** Whatever the umask: COPY keeps the modes, and the image's own user has to get in. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}
