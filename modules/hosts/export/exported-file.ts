import { createHash } from "node:crypto";

/** A file of an export. */
export interface ExportedFile {
  /** Relative to the folder of the export. */
  readonly path: string;
  readonly content: string | Buffer;
  /** @default 0o644 */
  readonly mode?: number;
}

/** What files are known by, in their order: another path or another content is another digest. */
export function digestOf(files: readonly ExportedFile[]): string {
  const hash = createHash("sha256");
  for (const { path, content } of files) {
    hash.update(`${path}\0${Buffer.byteLength(content)}\0`).update(content);
  }
  return hash.digest("hex");
}
