import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidArgumentError } from "commander";
import { run, verb } from "./command.ts";
import {
  type DeclaredCount,
  declaredCounts,
  extendedFile,
  isSourceOf,
  withCount,
} from "./scale/declared-count.ts";
import { Problem } from "./setup/problem.ts";
import { step } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { synthesize } from "./stack/synthesis.ts";
import { list } from "./stack/words.ts";

/** Where the sources of stacks are, seen from the project. */
const FOLDER = "stacks";

interface Source {
  readonly file: string;
  readonly text: string;
  readonly counts: readonly DeclaredCount[];
  /** The file of the stack that it extends, which says what it does not say itself. */
  readonly base: string | undefined;
}

async function scale(name: string, workload: string | undefined, count: number | undefined): Promise<void> {
  const stack = stackOf(name);
  const source = await sourceOf(stack);
  if (workload === undefined) {
    process.stdout.write(describe(source));
    return;
  }
  const declared = source.counts.find((one) => one.workload === workload);
  if (declared === undefined) throw undeclared(source, workload);
  const place = `${source.file}:${declared.line}`;
  if (count === undefined || count === declared.count) {
    process.stdout.write(`${place}: ${declared.key}: ${declared.count ?? "an expression"}\n`);
    return;
  }
  if (declared.count === undefined) {
    throw new Problem({
      what: `How many instances ${workload} has is no plain number there.`,
      value: `${place}: ${source.text.slice(declared.start, declared.end)}`,
      fix: "edit it there",
    });
  }
  await writeFile(source.file, withCount(source.text, declared, count));
  try {
    await step("Synthesis", () => synthesize(stack, new AbortController().signal));
  } catch (error) {
    await writeFile(source.file, source.text);
    throw error;
  }
  process.stdout.write(
    `${place}: ${declared.key}: ${declared.count} is ${count} now; npm start -- ${name} brings it about.\n`,
  );
}

/** @throws Problem where no source says that it is the stack's */
async function sourceOf({ name }: Stack): Promise<Source> {
  const entries = await readdir(FOLDER, { recursive: true });
  for (const entry of entries.filter((one) => one.endsWith(".ts")).sort()) {
    const file = join(FOLDER, entry);
    const text = await readFile(file, "utf8");
    const source = understood(file, text, name);
    if (source !== undefined) return source;
  }
  throw new Problem({
    what: `No file below ${FOLDER}/ is the source of a stack of this name.`,
    value: JSON.stringify(name),
    allowed: `a name that a class hands on, as in super(scope, "${name}", …)`,
    fix: "name one of the stacks of stacks/main.ts; a workload comes after the stack",
  });
}

/** @throws Problem for what is no TypeScript */
function understood(file: string, text: string, stack: string): Source | undefined {
  try {
    if (!isSourceOf(stack, text)) return undefined;
    const base = extendedFile(text);
    return { file, text, counts: declaredCounts(text), base: base && join(dirname(file), base) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Problem({ what: `${file} is no TypeScript.`, value: error.message, fix: "mend it there" });
  }
}

function describe({ file, counts, base }: Source): string {
  if (counts.length === 0) return `${file} says no number of instances${base ? `; ${base} does` : ""}.\n`;
  return counts
    .map(
      ({ workload, key, count, line }) =>
        `${file}:${line}: ${workload}: ${key}: ${count ?? "an expression"}\n`,
    )
    .join("");
}

function undeclared({ file, counts, base }: Source, workload: string): Problem {
  if (base !== undefined) {
    return new Problem({
      what: `${file} does not say how many instances ${workload} has.`,
      value: `it extends the stack of ${base}`,
      fix: `change the number in ${base}, for all stacks that share it`,
    });
  }
  return new Problem({
    what: `${file} does not say how many instances ${workload} has.`,
    allowed: counts.length === 0 ? "none says so yet" : list(counts.map((one) => one.workload)),
    fix: `name one of these, or write nodes: 2 (of an App) or instances: 2 (of a Memcached) at it in ${file}`,
  });
}

function whole(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError("Allowed is a whole number from 1.");
}

await run(
  verb("scale", "Change how many instances of a workload a stack declares, in its source.")
    .argument("[workload]", "an application or a cache, such as guestbook (default: list all)")
    .argument("[count]", "how many there shall be (default: tell how many there are)", whole)
    .addHelpText(
      "after",
      "\nOnly the number in stacks/ changes, so that it is reviewed like everything else. The stack is written once with it:\nwhere a rule refuses it, such as one for the connections of a database, the source stays as it was.",
    )
    .action(scale),
);
