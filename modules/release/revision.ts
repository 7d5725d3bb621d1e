import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REVISION_FILE, type Revision } from "./release.ts";

let found: Revision | undefined;

/** Writes beside a stack what it was written from; git is asked once for all stacks of a synth. */
export function writeRevision(workingDirectory: string): void {
  found ??= parseRevision(status());
  mkdirSync(workingDirectory, { recursive: true });
  writeFileSync(join(workingDirectory, REVISION_FILE), `${JSON.stringify(found)}\n`);
}

/** Reads what `git status --porcelain=v2 --branch` prints, or undefined where there is no git. */
export function parseRevision(text: string | undefined): Revision {
  const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(text ?? "")?.[1] ?? null;
  if (text === undefined) return { commit, clean: null };
  return { commit, clean: commit !== null && !/^[^#]/m.test(text) };
}

function status(): string | undefined {
  const step = spawnSync("git", ["status", "--porcelain=v2", "--branch"], {
    encoding: "utf8",
    timeout: 10_000,
    // Two runs may look at once, and neither has to wait for the other's refresh of the index.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
  });
  return step.status === 0 ? step.stdout : undefined;
}
