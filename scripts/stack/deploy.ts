import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import pc from "picocolors";
import { REVISION_FILE, type Revision } from "../../modules/release/release.ts";
import { audit, whoAmI } from "../release/audit.ts";
import { onSignals } from "../setup/interrupt.ts";
import { Problem } from "../setup/problem.ts";
import { takeRunLock } from "../setup/run-lock.ts";
import type { Terraform } from "../setup/terraform.ts";
import { type Container, containersOf } from "./containers.ts";
import { Deployment } from "./deployment.ts";
import { docker } from "./docker.ts";
import { removeLeftovers } from "./leftovers.ts";
import { type Note, step } from "./progress.ts";
import type { Stack } from "./stack.ts";
import { stateOf } from "./state.ts";
import { waitUntilHealthy } from "./wait.ts";

/** Signals of one Ctrl-C come to npm, to tsx and to us, and may be handed on: so near, they are one. */
const ONE_KEYSTROKE = 700;

/** How long another run is waited for, in seconds: longer than any deployment takes. */
const PATIENCE = 3600;

export interface DeployOptions {
  /** The command that goes on after an interruption. */
  readonly again: string;
  /** Whether to wait for another run that changes the stack, or to give up at once. */
  readonly wait: boolean;
}

/**
 * Lays a stack out and deploys it: clears leftovers away, applies, waits until everything is healthy. What fails gets a
 * line in the audit log; what succeeds gets it from the deployment itself.
 * @param layOut writes the stack into the folder that Terraform runs in
 */
export async function deploy(
  stack: Stack,
  terraform: Terraform,
  layOut: (signal: AbortSignal) => Promise<void>,
  { again, wait }: DeployOptions,
): Promise<readonly Container[]> {
  // What deploys gives way to what serves on the same machine, and so does all that it starts.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const deployment = new Deployment(stack, terraform, signal);
  const release = onInterrupt((count) => {
    const working = deployment.interrupt();
    interrupt.abort(new Problem({ what: "Interrupted.", fix: `${again} goes on from here` }));
    if (!working) return;
    const more =
      count > 1 ? "gives up at once" : "ends what it is doing; press Ctrl-C again to give up at once";
    process.stderr.write(`\n${pc.yellow("Interrupted")}: Terraform ${more}.\n`);
  });
  let done = async () => {};
  try {
    done = await turn(stack, wait, signal);
    await layOut(signal);
    return await audited(stack, signal, async () => {
      await step(
        "Leftovers",
        (note) => removeLeftovers(stack, terraform, { wait, note, signal }),
        (removed) => (removed.length > 0 ? `removed ${removed.join(", ")}` : "none"),
      );
      signal.throwIfAborted();
      await resume(stack);
      await deployment.apply();
      return step("Health", (note) => waitUntilHealthy(stack, note, signal));
    });
  } finally {
    await done();
    release();
  }
}

/**
 * Waits until no other run on this machine lays the stack out or deploys it: Terraform locks the state, but not the folder
 * that it reads.
 */
async function turn(stack: Stack, wait: boolean, signal: AbortSignal): Promise<() => Promise<void>> {
  const folder = dirname(stack.stateFile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return takeRunLock((line) => process.stderr.write(`${line}; Ctrl-C ends the waiting\n`), signal, {
    path: join(folder, `.${stack.name}.run.lock`),
    seconds: wait ? PATIENCE : 0,
    what: `run for the stack ${stack.name}`,
  });
}

async function audited<T>(stack: Stack, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const revision: Revision = JSON.parse(readFileSync(join(stack.folder, REVISION_FILE), "utf8"));
    audit(stack.releasesFolder, {
      time: new Date().toISOString(),
      who: whoAmI(),
      stack: stack.name,
      release: null,
      ...revision,
      outcome: signal.aborted ? "interrupted" : "failed",
      reason: error instanceof Problem ? error.what : String(error),
    });
    throw error;
  }
}

/**
 * Starts the containers that `npm run stop` stopped. Terraform would do it too, but only after it has looked at
 * everything else, and would replace the edge, whose ports are gone while it does not run.
 */
async function resume(stack: Stack): Promise<void> {
  const [containers, state] = await Promise.all([containersOf(stack), stateOf(stack)]);
  const stopped = containers.filter(({ id, state: now }) => now === "exited" && state.ids.has(id));
  if (stopped.length === 0) return;
  await step(
    "Stopped containers",
    async (note: Note) => {
      for (const { host, id, node } of stopped) {
        note(`starting ${node}`);
        // One that can't be started is Terraform's to replace.
        await docker(["start", id], { host }).catch(() => undefined);
      }
    },
    () => `started ${stopped.length}`,
  );
}

function onInterrupt(act: (count: number) => void): () => void {
  let last = 0;
  let count = 0;
  const handle = () => {
    const now = Date.now();
    if (now - last > ONE_KEYSTROKE) act(++count);
    last = now;
  };
  return onSignals(handle);
}
