import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { type DeclaredNode, declarationOf } from "./declaration.ts";
import { knownStacks, noSuchStack, outputFolder, type Stack } from "./stack.ts";

const SECONDS = 300;

/** Where stacks are written from, and where to. */
export interface Writing {
  /** Root folder of the project, whose cdktf.json says how. @default that of this process */
  readonly project?: string;
  readonly outdir: string;
  /** @default that of this process */
  readonly context?: string;
  readonly signal: AbortSignal;
}

/**
 * Writes all stacks, with the command that cdktf.json or CDKTF_APP names, and gives what this one asks for.
 * @throws Problem with what the stack's author has to mend, in the words of the synthesis
 */
export async function synthesize(stack: Stack, signal: AbortSignal): Promise<readonly DeclaredNode[]> {
  await writeStacks({ outdir: outputFolder(), signal });
  if (!knownStacks().includes(stack.name)) throw noSuchStack(stack.name);
  return declarationOf(stack) ?? [];
}

/** @throws Problem as {@link synthesize} does */
export async function writeStacks({ project = ".", outdir, context, signal }: Writing): Promise<void> {
  // cdktf makes the last folder of the path only.
  await mkdir(outdir, { recursive: true });
  const { app: written }: { app: string } = JSON.parse(await readFile(join(project, "cdktf.json"), "utf8"));
  // The CLI of cdktf takes each of its options from a variable as well.
  const app = process.env.CDKTF_APP ?? written;
  const outcome = await thisMachine.run(["sh", "-c", app], {
    seconds: SECONDS,
    cwd: project,
    env: { CDKTF_OUTDIR: outdir, ...(context !== undefined && { CDKTF_CONTEXT_JSON: context }) },
    signal,
  });
  signal.throwIfAborted();
  if (outcome.code === 0) return;
  throw new Problem({
    what: outcome.timedOut
      ? `The stacks were not written within ${SECONDS} s.`
      : "The stacks can't be written.",
    value: `\n${(outcome.stderr || outcome.stdout).trim()}`,
    fix: `mend it in stacks/ or cdktf.json; ${app} shows it again`,
  });
}
