import { stripVTControlCharacters } from "node:util";
import { lastLines, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { findTerraform, withoutWarnings } from "../setup/terraform.ts";
import { type Lock, parseLock } from "./lock.ts";
import type { Stack } from "./stack.ts";
import { ENVIRONMENT, init, isMoved, moved, needsInit, REACH_BACKEND } from "./terraform.ts";

const SECONDS = 60;
const NEVER = new AbortController().signal;

/**
 * The state of a stack that only Terraform can read: it is elsewhere, or encrypted.
 * @throws Problem with what Terraform says
 */
export async function pullState(stack: Stack): Promise<string> {
  const outcome = await terraform(stack, ["state", "pull"]);
  if (outcome.code === 0) return withoutWarnings(outcome.stdout);
  const said = plain(outcome.stderr);
  if (isMoved(said)) throw moved(stack.folder);
  throw new Problem({
    what: `The state of the stack ${stack.name} can't be read.`,
    value: lastLines(said),
    fix: REACH_BACKEND,
  });
}

/**
 * Who holds the lock of a state that is elsewhere. Only who takes it learns that: so it is taken, for what changes
 * nothing.
 */
export async function probeLock(stack: Stack): Promise<Lock | undefined> {
  const words = ["untaint", "-no-color", "-allow-missing", "-lock-timeout=0s", "terraform_data.nothing"];
  const { code, stderr } = await terraform(stack, words);
  const said = plain(stderr);
  return code !== 0 && /Error acquiring the state lock/.test(said) ? parseLock(said) : undefined;
}

/** Without the frames and colours that Terraform draws around its errors. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/^[│╷╵] ?/gm, "")
    .trim();
}

async function terraform(stack: Stack, words: readonly string[]) {
  const found = await findTerraform(thisMachine);
  if (needsInit(stack.folder)) await init(found, stack.folder, NEVER);
  return thisMachine.run([found.path, ...words], { cwd: stack.folder, seconds: SECONDS, env: ENVIRONMENT });
}
