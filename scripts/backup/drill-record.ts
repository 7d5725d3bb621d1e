import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Stack } from "../stack/stack.ts";

/** What `npm run drill -- --json` prints, and what is kept of each drill. Keys are only ever added. */
export interface DrillRecord {
  /** When it began, in ISO 8601. */
  readonly date: string;
  readonly stack: string;
  /** Whether everything could be restored and was the same. */
  readonly ok: boolean;
  /** What is damaged or different, a line each. */
  readonly damage: readonly string[];
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  /** Files that were changed while the drill ran, and not compared. */
  readonly filesChangedSince: number;
  /** Bytes that were restored. */
  readonly bytes: number;
  /** From the first container to the last comparison. */
  readonly seconds: number;
  /** Of a plain copy of the same bytes, up to the moment when the disk has them; null when nothing was restored. */
  readonly copySeconds: number | null;
  /** `seconds` to `copySeconds`. */
  readonly ratio: number | null;
}

/** Where the records of a stack are: beside its state. */
function folderOf({ name, stateFile }: Stack): string {
  return join(dirname(dirname(stateFile)), "drills", name);
}

/** Keeps a record, and gives the file. */
export function keepRecord(stack: Stack, record: DrillRecord): string {
  const folder = folderOf(stack);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${record.date.replace(/[:.]/g, "-")}.json`);
  writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`);
  return file;
}

/** The last drill of a stack, if there was any. */
export function lastRecord(stack: Stack): DrillRecord | undefined {
  const folder = folderOf(stack);
  const [last] = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
  return last === undefined ? undefined : JSON.parse(readFileSync(join(folder, last), "utf8"));
}
