import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "./problem.ts";
import type { Report } from "./requirement.ts";

/** Engine, base image and provider belong to the machine and the user, so that two clones of the project share the lock. */
const PATH = join(tmpdir(), `slipway-setup-${userInfo().username}.lock`);
/** As long as the slowest step may take. */
const SECONDS = 1800;

/** How to wait for a lock. */
export interface RunLockOptions {
  /** @default a file for this user in the folder for temporary files */
  readonly path?: string;
  /** Limit in seconds. @default 1800 */
  readonly seconds?: number;
  /** What the holder is, in words. @default set-up */
  readonly what?: string;
}

/**
 * Waits until no other run holds the lock, and keeps others out until the returned function is called.
 * A lock whose process is gone, or whose number another process has by now, does not count.
 *
 * @throws Problem when the other one does not end within the limit
 */
export async function takeRunLock(
  report: Report,
  signal: AbortSignal,
  options: RunLockOptions = {},
): Promise<() => Promise<void>> {
  const path = options.path ?? PATH;
  const owner = await describe(process.pid);
  const draft = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  const { what = "set-up", seconds = SECONDS } = options;
  const end = Date.now() + seconds * 1000;
  let told = false;
  // Written aside and linked into place: a lock is never seen without its owner.
  await writeFile(draft, owner);
  try {
    for (;;) {
      if (await linked(draft, path)) {
        return async () => {
          if ((await readText(path)) === owner) await rm(path, { force: true });
        };
      }
      const holder = await readText(path);
      if (holder === undefined) continue;
      if (!(await isAlive(holder))) {
        await removeStale(path, holder);
        continue;
      }
      if (Date.now() >= end) {
        throw new Problem({
          what: `Another ${what} ${seconds === 0 ? "is at work" : "does not end"}.`,
          value: `process ${holder.split(" ")[0]}, which holds ${path}`,
          fix: "wait for it, or end that process, then try again",
        });
      }
      if (!told) report(`waiting for the ${what} that runs as process ${holder.split(" ")[0]}`);
      told = true;
      await sleep(200, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** A process by its number and, where the kernel tells it, the time it was started at. */
export async function describe(pid: number): Promise<string> {
  // The name of the program, in parentheses, may itself contain spaces; the start is the 20th field after it.
  const fields = (await readText(`/proc/${pid}/stat`))?.split(") ").at(-1)?.split(" ");
  return `${pid} ${fields?.[19] ?? "?"}`;
}

async function isAlive(holder: string): Promise<boolean> {
  const pid = Number(holder.split(" ")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return (await describe(pid)) === holder;
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes a lock of a process that is gone, but not one that another process has taken in the meantime. */
async function removeStale(path: string, holder: string): Promise<void> {
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // Someone else was faster.
  }
  if ((await readText(aside)) !== holder) await linked(aside, path);
  await rm(aside, { force: true });
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
