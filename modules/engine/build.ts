import type { Name } from "../values/name.ts";

/** One source of a build context. */
export type ContextPart =
  /** The files of a folder, placed at `into` (relative to the context's root, "" for the root itself). */
  | { readonly folder: string; readonly into: string; readonly ignore?: readonly string[] }
  /** A generated text file. */
  | { readonly file: string; readonly content: string };

/** An image that is built from a module's own folder and, for an application, from its source. */
export interface Build {
  /** Becomes `<project>/<name>:<hash of the context>`. */
  readonly name: Name;
  /** Later parts win where two name the same file. One of them brings the Dockerfile. */
  readonly context: readonly ContextPart[];
  /** Arguments of the Dockerfile; never a secret, the image's history shows them. */
  readonly args: Readonly<Record<string, string>>;
}
