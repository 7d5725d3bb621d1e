import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Where in the stacks a mistake was made: the innermost line that is neither of the toolkit nor of a library.
 * @param root folder of the project
 * @param machinery file that is no stack, although it stands among them
 * @returns such as `stacks/dev.ts:22`; undefined when no line of the project is in the error's trace
 */
export function placeOf(error: Error, root: string, machinery: string): string | undefined {
  for (const line of (error.stack ?? "").split("\n")) {
    const [, file, row] = /^\s+at .*?\(?((?:file:\/\/)?\/[^():]+):(\d+):\d+\)?$/.exec(line) ?? [];
    if (file === undefined) continue;
    const path = relative(root, file.startsWith("file:") ? fileURLToPath(file) : file);
    const [first = ""] = path.split(sep);
    if (resolve(root, path) === machinery) continue;
    if (!["..", "modules", "node_modules"].includes(first)) return `${path}:${row}`;
  }
  return undefined;
}
