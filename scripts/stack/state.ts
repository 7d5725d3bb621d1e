import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import type { Stack } from "./stack.ts";

/** What Terraform's state knows of the engine. */
export interface State {
  /** Ids of containers and networks, those of a release that gives way included. */
  readonly ids: ReadonlySet<string>;
  /** Containers whose creation did not come to its end: not healthy in time, or interrupted. */
  readonly unfinished: readonly { readonly address: string; readonly id: string }[];
  /** How many resources there are. */
  readonly resources: number;
}

/** Who changes a stack at the moment. */
export interface Lock {
  /** Such as `root@host`, with the process where it can be told. */
  readonly who: string;
  readonly operation: string;
  readonly since: Date;
}

/** Reads the state of a stack; one that was never deployed has none. */
export async function stateOf({ stateFile }: Stack): Promise<State> {
  const text = await readFile(stateFile, "utf8").catch(() => "");
  return parseState(text);
}

/** Reads a state file of version 4; Terraform leaves an empty one when it is ended before it did anything. */
export function parseState(text: string): State {
  if (text.trim() === "") return { ids: new Set(), unfinished: [], resources: 0 };
  const { resources = [] }: { resources?: StateResource[] } = JSON.parse(text);
  const managed = resources.filter(({ mode }) => mode === "managed");
  const ids = managed.flatMap(({ instances }) => instances.flatMap(({ attributes }) => attributes?.id ?? []));
  const unfinished = managed
    .filter(({ type }) => type === "docker_container")
    .flatMap(({ type, name, instances }) =>
      instances
        .filter(({ status, deposed }) => status === "tainted" && deposed === undefined)
        .flatMap(({ attributes }) =>
          attributes?.id ? [{ address: `${type}.${name}`, id: attributes.id }] : [],
        ),
    );
  return { ids: new Set(ids), unfinished, resources: managed.length };
}

interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly status?: string;
    readonly deposed?: string;
    readonly attributes?: { readonly id?: string };
  }[];
}

/** Who holds the lock on a stack's state, or undefined when nobody does. */
export async function lockOf({ stateFile }: Stack): Promise<Lock | undefined> {
  const file = join(dirname(stateFile), `.${basename(stateFile)}.lock.info`);
  const text = await readFile(file, "utf8").catch(() => "");
  if (text === "") return undefined;
  // The file stays behind when Terraform is killed; the lock itself goes with the process.
  const holder = await processThatLocks(stateFile);
  if (holder === undefined) return undefined;
  const { Who, Operation, Created }: { Who: string; Operation: string; Created: string } = JSON.parse(text);
  return { who: `${Who}, process ${holder}`, operation: Operation, since: new Date(Created) };
}

/** The problem of a stack that somebody else is changing. */
export function lockProblem(stack: string, { who, operation, since }: Lock): Problem {
  const doing = operation.replace(/^OperationType/, "").toLowerCase();
  return new Problem({
    what: `Another run is changing the stack ${stack}.`,
    value: `${who}: ${doing || "a change"} since ${since.toISOString().replace("T", " ").slice(0, 19)} UTC`,
    fix: "wait until it has ended, or interrupt it there with Ctrl-C, then try again",
  });
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
