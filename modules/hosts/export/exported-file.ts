/** A file of an export. */
export interface ExportedFile {
  /** Relative to the folder of the export. */
  readonly path: string;
  readonly content: string | Buffer;
  /** @default 0o644 */
  readonly mode?: number;
}
