/** A file of a machine. */
export interface HostFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string | Buffer;
  /** @default 0o644 */
  readonly mode?: number;
}
