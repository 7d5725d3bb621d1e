import { join } from "node:path";
import { lastLines, type Outcome, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { PROJECT } from "../setup/project.ts";

/** A revision of the project. */
export interface Revision {
  /** Full hash. */
  readonly commit: string;
  /** In words: `main (1a2b3c4)`. */
  readonly description: string;
}

/** Branches that changes are merged into, the first that there is. */
const MAIN = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/** @throws Problem when git knows no such revision */
export async function revision(ref: string): Promise<Revision> {
  const { code, stdout } = await git([
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${ref}^{commit}`,
  ]);
  const commit = stdout.trim();
  if (code === 0) return { commit, description: `${ref} (${commit.slice(0, 7)})` };
  throw new Problem({
    what: "There is no such revision.",
    value: JSON.stringify(ref),
    allowed: "what git rev-parse understands, such as a branch, a tag or a commit",
    fix: "name one; in CI, fetch the whole history first (fetch-depth: 0)",
  });
}

/** Where this branch left the main one. @throws Problem when there is no main branch */
export async function mergeBase(): Promise<Revision> {
  for (const branch of MAIN) {
    const { code, stdout } = await git(["merge-base", "HEAD", branch]);
    const commit = stdout.trim();
    if (code === 0)
      return { commit, description: `${branch}, where this branch left it (${commit.slice(0, 7)})` };
  }
  throw new Problem({
    what: "There is nothing to compare with: no release was recorded, and no main branch was found.",
    value: `looked for ${MAIN.join(", ")}`,
    fix: "name a revision: npm run review -- <stack> --against <branch, tag or commit>",
  });
}

/** Lays out the files of a revision in an empty folder; neither the work tree nor the index are touched. */
export async function checkOut({ commit }: Revision, folder: string): Promise<void> {
  // An index of its own: that of the user may have changes that are to be committed.
  const env = { GIT_INDEX_FILE: join(folder, "..", "index") };
  await must(["read-tree", commit], env);
  await must(["checkout-index", "--all", `--prefix=${folder}/`], env);
}

async function must(words: readonly string[], env: Record<string, string>): Promise<void> {
  const outcome = await git(words, env);
  if (outcome.code === 0) return;
  throw new Problem({
    what: `git ${words[0]} failed.`,
    value: lastLines(outcome.stderr),
    fix: "mend what git says, then try again",
  });
}

function git(words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return thisMachine.run(["git", ...words], { cwd: PROJECT, seconds: 60, env });
}
