import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { lastLines, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { PROJECT, STATE } from "../setup/project.ts";
import { outputFolder, type Stack } from "../stack/stack.ts";
import { writeStacks } from "../stack/synthesis.ts";
import { checkOut, type Revision } from "./git.ts";
import { readSynthesized, type Synthesized } from "./synthesized.ts";

const SECONDS_FOR_PACKAGES = 600;

/**
 * Writes a stack as it was in a revision, in a folder that is removed again. The secrets are those of today, so that
 * nothing differs that nobody changed.
 * @returns undefined when there was no such stack
 * @throws Problem when it can't be written
 */
export async function formerStack(
  stack: Stack,
  revision: Revision,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<Synthesized | undefined> {
  await mkdir(STATE, { recursive: true });
  const base = await mkdtemp(join(STATE, "review-"));
  try {
    const tree = join(base, "tree");
    await mkdir(tree);
    await checkOut(revision, tree);
    await packages(tree, signal, tell);
    await sources(tree);
    const { outdir, context } = await placesIn(base, stack);
    await writeStacks({ project: tree, outdir, context, signal });
    return readSynthesized(join(outdir, "stacks", stack.name), revision.description);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

/** The same libraries are there already; others are installed. */
async function packages(tree: string, signal: AbortSignal, tell: (line: string) => void): Promise<void> {
  const lockfiles = [tree, PROJECT].map((folder) => readFile(join(folder, "package-lock.json"), "utf8"));
  const [was, is] = await Promise.all(lockfiles.map((text) => text.catch(() => undefined)));
  if (was === is) {
    await symlink(join(PROJECT, "node_modules"), join(tree, "node_modules"), "dir");
    return;
  }
  tell("installing the libraries of that revision");
  const outcome = await thisMachine.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: tree,
    seconds: SECONDS_FOR_PACKAGES,
    signal,
  });
  signal.throwIfAborted();
  if (outcome.code === 0) return;
  throw new Problem({
    what: "The libraries of the revision that is compared with could not be installed.",
    value: outcome.timedOut ? `no end after ${SECONDS_FOR_PACKAGES} s` : lastLines(outcome.stderr),
    fix: "mend what npm says, or name another revision with --against",
  });
}

/** What was downloaded once need not be again. */
async function sources(tree: string): Promise<void> {
  const [from, to] = [PROJECT, tree].map((folder) => join(folder, ".slipway", "sources"));
  if (from === undefined || to === undefined) return;
  await cp(from, to, { recursive: true, errorOnExist: false }).catch(() => undefined);
}

/**
 * Where the former stack and its secrets go. Containers name the files of secrets by their path from the stack, so the
 * two lie to each other as they do now.
 */
async function placesIn(base: string, stack: Stack): Promise<{ outdir: string; context: string }> {
  const out = outputFolder();
  const secrets = dirname(stack.secretsFolder);
  const directory = dirname(dirname(secrets));
  const way = relative(out, directory);
  const depth = way.split("..").length;
  const outdir = join(base, ...Array.from({ length: depth }, (_, at) => `out-${at}`));
  const former = resolve(outdir, way);
  const project = join(former, stack.project);
  await mkdir(project, { recursive: true, mode: 0o700 });
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  await symlink(secrets, join(project, "secrets"), "dir");
  return { outdir, context: JSON.stringify({ ...exported(), project: stack.project, directory: former }) };
}

/** What the user gave on top of cdktf.json holds for both. */
function exported(): Record<string, unknown> {
  const { CDKTF_CONTEXT_JSON: text = "" } = process.env;
  return text === "" ? {} : JSON.parse(text);
}
