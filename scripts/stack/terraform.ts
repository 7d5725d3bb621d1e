import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { lastLines, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import type { Terraform } from "../setup/terraform.ts";
import { type Event, parseEvent } from "./terraform-events.ts";

const SECONDS_FOR_INIT = 300;
/** Saves a question to HashiCorp about newer versions, and any question to the user. */
export const ENVIRONMENT = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" };

/** Whether a working folder has no providers yet. */
export function needsInit(folder: string): boolean {
  return (
    !existsSync(join(folder, ".terraform/providers")) || !existsSync(join(folder, ".terraform.lock.hcl"))
  );
}

/**
 * Prepares the working folder of a stack.
 * @throws Problem with what Terraform says
 */
export async function init({ path }: Terraform, folder: string, signal: AbortSignal): Promise<void> {
  const outcome = await thisMachine.run([path, "init", "-input=false", "-no-color"], {
    cwd: folder,
    seconds: SECONDS_FOR_INIT,
    env: ENVIRONMENT,
    signal,
  });
  signal.throwIfAborted();
  if (outcome.code === 0) return;
  if (isMoved(outcome.stderr)) throw moved(folder);
  const value = outcome.timedOut ? `no end after ${SECONDS_FOR_INIT} s` : lastLines(outcome.stderr, 12);
  throw new Problem({
    what: "Terraform could not prepare the stack's folder.",
    value,
    fix: cureOf(outcome.stderr, value),
  });
}

/** @param value the end of what Terraform said, as it is shown */
function cureOf(said: string, value: string): string {
  // A registry that is not reached names itself; a database that is not says how it was dialled as well.
  if (!/registry/i.test(said) && /backend|dial tcp|pq:/i.test(said)) return REACH_BACKEND;
  return /registry|could not connect|no such host|timeout|lookup/i.test(value)
    ? "run npm run setup, which builds the provider where its registry can't be reached; then try again"
    : "mend what Terraform says, then try again";
}

/** What to do where a state that is elsewhere is not reached. */
export const REACH_BACKEND =
  "see that the variables of the backend are exported (PG_CONN_STR; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) and that it can be reached";

/** Whether Terraform says that the stack names another place for its state than it had. */
export function isMoved(text: string): boolean {
  return /-migrate-state/.test(text);
}

/** The problem of such a stack; nothing is copied without a word of its owner. */
export function moved(folder: string): Problem {
  return new Problem({
    what: "The stack names another backend than the one that its state is in.",
    value: folder,
    fix: [
      `move the state, which copies it: terraform -chdir=${folder} init -migrate-state (tofu with OpenTofu), then try again`,
      "or name the backend of before again",
    ].join("\n"),
  });
}

/**
 * Tells Terraform that a resource is as it should be, though its creation did not come to its end. Where it can't be
 * told, Terraform makes the resource anew.
 */
export async function untaint({ path }: Terraform, folder: string, address: string): Promise<void> {
  await thisMachine.run([path, "untaint", "-allow-missing", address], {
    cwd: folder,
    seconds: 60,
    env: ENVIRONMENT,
  });
}

/** A run of `terraform apply`. */
export interface ApplyRun {
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** What it printed that is no event, such as a crash. */
  readonly noise: readonly string[];
  /** Asks it to end in an orderly way; asked again, it ends at once. */
  interrupt(): void;
}

/** Starts `terraform apply`, and hands on what it tells. */
export function apply(terraform: Terraform, folder: string, take: (event: Event) => void): ApplyRun {
  return start(terraform, ["apply", "-json", "-auto-approve", "-input=false"], folder, take);
}

/** Starts `terraform plan`, which changes nothing and waits for nobody. */
export function plan(terraform: Terraform, folder: string, take: (event: Event) => void): ApplyRun {
  return start(terraform, ["plan", "-json", "-input=false", "-lock=false"], folder, take);
}

function start(
  { path }: Terraform,
  words: readonly string[],
  folder: string,
  take: (event: Event) => void,
): ApplyRun {
  const noise: string[] = [];
  const child: ChildProcess = spawn(path, words, {
    cwd: folder,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C on the terminal must reach it once, from us, as it gives up at the second.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      const event = parseEvent(line);
      if (event !== undefined) take(event);
      else if (!line.startsWith("{") && line.trim() !== "") noise.push(line);
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { ended, noise, interrupt: () => void child.kill("SIGINT") };
}
