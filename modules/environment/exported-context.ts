import { readFileSync } from "node:fs";

const VARIABLE = "CDKTF_CONTEXT_JSON=";
/** npx, its shell, the CLI and the shell of the app command are four. */
const ANCESTORS = 12;

/**
 * The value of CDKTF_CONTEXT_JSON that the user exported, where the CLI has replaced it for this process: it still
 * stands in the environment that the CLI itself was started with. Linux shows that in /proc, proc(5); elsewhere the
 * answer is always undefined.
 *
 * @param replaced what this process was given instead
 */
export function exportedContext(replaced: string): string | undefined {
  let process_ = process.ppid;
  for (let step = 0; step < ANCESTORS && process_ > 1; step += 1) {
    const exported = environmentOf(process_)
      .find((entry) => entry.startsWith(VARIABLE))
      ?.slice(VARIABLE.length);
    // The first that differs is the CLI itself: what it was not given, the user did not export.
    if (exported !== replaced) return exported;
    process_ = parentOf(process_);
  }
  return undefined;
}

function environmentOf(process_: number): string[] {
  return read(`/proc/${process_}/environ`).split("\0");
}

function parentOf(process_: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${process_}/status`))?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not Linux, or the process of another user.
    return "";
  }
}
