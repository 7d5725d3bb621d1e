import { writeFile } from "node:fs/promises";
import { run, verb } from "./command.ts";
import { formerStack } from "./review/former-stack.ts";
import { mergeBase, revision } from "./review/git.ts";
import { reviewMarkdown } from "./review/markdown.ts";
import { reviewOf } from "./review/review.ts";
import { NOTHING, readSynthesized, type Synthesized } from "./review/synthesized.ts";
import { interruptible } from "./setup/interrupt.ts";
import { releasesIn } from "./stack/releases.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { synthesize } from "./stack/synthesis.ts";

interface Options {
  readonly against?: string;
  readonly out?: string;
  readonly json?: true;
}

/** Exit code for what users would notice without anybody having said so. */
const UNDECLARED = 2;

/** Says what a change of a stack does to its users. */
async function review(name: string, { against, out, json }: Options): Promise<void> {
  const stack = stackOf(name);
  const { signal, end } = interruptible();
  try {
    tell(`writing ${name} as it is now`);
    await synthesize(stack, signal);
    const after = readSynthesized(stack.folder, "this folder");
    if (after === undefined) throw new Error(`${stack.folder} was not written`);
    const base = await baseOf(stack, against, signal);
    const found = reviewOf({
      stack: name,
      against: base.description,
      before: base.stack ?? NOTHING,
      after,
    });
    const text = json ? `${JSON.stringify(found, undefined, 2)}\n` : reviewMarkdown(found);
    if (out === undefined) process.stdout.write(text);
    else await writeFile(out, text);
    if (!found.ok) process.exitCode = UNDECLARED;
  } finally {
    end();
  }
}

interface Base {
  readonly description: string;
  /** Undefined where there was no such stack. */
  readonly stack: Synthesized | undefined;
}

async function baseOf(stack: Stack, against: string | undefined, signal: AbortSignal): Promise<Base> {
  const last = against === undefined ? releasesIn(stack.releasesFolder).at(-1) : undefined;
  if (last !== undefined) {
    const description = `release ${last.number} of ${last.time.slice(0, 16).replace("T", " ")} UTC`;
    return { description, stack: readSynthesized(last.folder, description) };
  }
  const former = against === undefined ? await mergeBase() : await revision(against);
  tell(`writing ${stack.name} as it was in ${former.description}`);
  const found = await formerStack(stack, former, signal, tell);
  const description =
    found === undefined ? `${former.description}, which has no ${stack.name}` : former.description;
  return { description, stack: found };
}

/** Progress is no part of the review, which may go to a file. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

await run(
  verb("review", "Say what a change of a stack does to its users, as Markdown for a pull request.")
    .option(
      "--against <ref>",
      "a branch, tag or commit to compare with (default: the last release, else the main branch)",
    )
    .option("--out <file>", "write it there instead of printing it")
    .option("--json", "write it as JSON")
    .addHelpText(
      "after",
      "\nExit code 2 when users would notice an outage, or data is at risk, and the stack does not declare it" +
        "\n(outages: [{ of, reason }]); 0 otherwise. Needs neither an engine nor Terraform. docs/review.md explains the words.",
    )
    .action(review),
);
