import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import type { Note } from "./progress.ts";
import { probeLock } from "./remote-state.ts";
import type { Stack } from "./stack.ts";
import { isLocal } from "./state.ts";
import { moment } from "./words.ts";

/** Who changes a stack at the moment. */
export interface Lock {
  /** Such as `root@host`, with the process where it can be told. */
  readonly who: string;
  readonly operation: string;
  readonly since: Date | undefined;
  /** What `force-unlock` asks for; undefined where a lock ends by itself with its process. */
  readonly id?: string;
}

/** How often a lock that somebody else holds is looked at, in milliseconds. */
const INTERVAL = 1000;
/** How long it is waited for, in seconds: longer than any deployment takes. */
const PATIENCE = 3600;

/** Who holds the lock on a stack's state, or undefined when nobody does. */
export async function lockOf(stack: Stack): Promise<Lock | undefined> {
  return (await isLocal(stack)) ? localLock(stack) : probeLock(stack);
}

/**
 * Waits until nobody changes a stack.
 * @param wait false: not at all
 * @param look done before the lock is looked at, each time; the last result is that of a moment without changes
 * @throws Problem when it does not wait, or for too long
 */
export async function untilUnlocked<T>(
  stack: Stack,
  look: () => Promise<T>,
  { wait, note, signal }: { readonly wait: boolean; readonly note: Note; readonly signal: AbortSignal },
): Promise<T> {
  const end = Date.now() + (wait ? PATIENCE * 1000 : 0);
  for (;;) {
    // In this order: with the lock free, all that was found is in the state by now.
    const found = await look();
    const lock = await lockOf(stack);
    if (lock === undefined) return found;
    if (Date.now() >= end) throw lockProblem(stack, lock);
    note(`waiting for ${describe(lock)}; Ctrl-C ends the waiting`);
    await sleep(INTERVAL, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** The problem of a stack that somebody else is changing. */
export function lockProblem({ name, folder }: Pick<Stack, "name" | "folder">, lock: Lock): Problem {
  const { id, who } = lock;
  const wait = "wait until it has ended, or interrupt it there with Ctrl-C, then try again";
  const here = who.endsWith(`@${hostname()}`) ? " on this machine" : "";
  return new Problem({
    what: `Another run is changing the stack ${name}.`,
    value: describe(lock),
    fix:
      id === undefined
        ? wait
        : `${wait}\nif it is dead (no terraform or tofu of ${who} runs any more${here}): terraform -chdir=${folder} force-unlock ${id}`,
  });
}

function describe({ who, operation, since }: Lock): string {
  const doing = operation.replace(/^OperationType/, "").toLowerCase() || "a change";
  const from = since === undefined ? "" : ` since ${moment(since)} UTC`;
  return `${who}: ${doing}${from}`;
}

/** Reads what Terraform says of a lock that it did not get. */
export function parseLock(detail: string): Lock {
  // The backend of PostgreSQL then tells of the lock that was asked for, as if it were the one that is held.
  if (/Workspace is already locked/.test(detail)) {
    return { who: "another session of the database that the state is in", operation: "", since: undefined };
  }
  const field = (name: string) => new RegExp(`^ *${name}: +(.*)$`, "m").exec(detail)?.[1]?.trim() ?? "";
  // 2026-11-23 02:20:02.003577619 +0000 UTC
  const [day = "", time = ""] = field("Created").split(" ");
  const since = new Date(`${day}T${time.slice(0, 12)}Z`);
  const id = field("ID");
  return {
    who: field("Who") || "somebody",
    operation: field("Operation"),
    since: Number.isNaN(since.getTime()) ? undefined : since,
    ...(id !== "" && { id }),
  };
}

async function localLock({ stateFile }: Stack): Promise<Lock | undefined> {
  const file = join(dirname(stateFile), `.${basename(stateFile)}.lock.info`);
  const text = await readFile(file, "utf8").catch(() => "");
  if (text === "") return undefined;
  // The file stays behind when Terraform is killed; the lock itself goes with the process.
  const holder = await processThatLocks(stateFile);
  if (holder === undefined) return undefined;
  const { Who, Operation, Created }: { Who: string; Operation: string; Created: string } = JSON.parse(text);
  return { who: `${Who}, process ${holder}`, operation: Operation, since: new Date(Created) };
}

async function processThatLocks(stateFile: string): Promise<string | undefined> {
  if (thisMachine.platform !== "linux") {
    const outcome = await thisMachine.run(["lsof", "-t", "--", stateFile]);
    return outcome.stdout.trim().split("\n")[0] || undefined;
  }
  const file = await stat(stateFile).catch(() => undefined);
  const locks = await thisMachine.read("/proc/locks");
  return file && locks !== undefined ? lockingProcess(locks, file.ino) : undefined;
}

/** The process that holds a write lock on an inode, from /proc/locks. */
export function lockingProcess(locks: string, inode: number): string | undefined {
  for (const line of locks.split("\n")) {
    const [, kind, , access, pid, file] = line.trim().split(/\s+/);
    if (kind === "POSIX" && access === "WRITE" && file?.endsWith(`:${inode}`)) return pid;
  }
  return undefined;
}
