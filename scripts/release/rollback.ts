import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SecretStore } from "../../modules/engine/secret-store.ts";
import { DESCRIPTION_FILE, type WrittenDescription } from "../../modules/environment/description-file.ts";
import { copyLockfile } from "../../modules/environment/lockfile.ts";
import { earlier, type StackText, secretsOf, volumesSince } from "../../modules/release/earlier.ts";
import { REVISION_FILE, type Revision } from "../../modules/release/release.ts";
import { Problem } from "../setup/problem.ts";
import { type KeptRelease, releaseNumbered } from "../stack/releases.ts";
import type { Stack } from "../stack/stack.ts";
import { outputFolder } from "../stack/stack.ts";

/** From the release that was the last to come to its end, to an earlier one or to itself. */
export interface Rollback {
  readonly from: KeptRelease;
  readonly to: KeptRelease;
  /** The stack to deploy. */
  readonly text: StackText;
  /** Names of the secrets that have another value than then. */
  readonly secrets: readonly string[];
  /** Names of the volumes that came since, and stay. */
  readonly volumes: readonly string[];
}

/**
 * The release to go back to, unless one is named: the one before what runs; or, where the last deployment did not come to
 * its end, the last that did.
 * @throws Problem when there is none
 */
export function choose(
  kept: readonly KeptRelease[],
  named: number | undefined,
  released: boolean,
): KeptRelease {
  if (named !== undefined) return releaseNumbered(kept, named);
  const last = kept.at(-1);
  if (last === undefined) throw nothingBefore();
  if (!released) return last;
  const found = kept.findLast(
    ({ number, rollback }) => rollback === undefined && number < originOf(last, kept),
  );
  if (found === undefined) throw nothingBefore();
  return found;
}

/** The release that one is again, if it is. */
function originOf({ number, rollback }: KeptRelease, kept: readonly KeptRelease[]): number {
  const again = kept.find((one) => one.number === rollback?.to);
  return again === undefined ? (rollback?.to ?? number) : originOf(again, kept);
}

/**
 * What a rollback deploys.
 * @throws Problem when it needs a secret that there is no more, or a version of PostgreSQL that the data has left
 */
export function rollback(stack: Stack, from: KeptRelease, to: KeptRelease): Rollback {
  if (from.engine !== to.engine) throw elsewhere(from, to);
  requireVersions(from, to);
  const [text, running] = [textOf(to), textOf(from)];
  const store = new SecretStore(stack.secretsFolder);
  const then = secretsOf(text);
  const marks = new Map(
    [...then.keys()].map((source) => [source, store.fingerprintIn(resolve(stack.folder, source))]),
  );
  const missing = [...marks].flatMap(([source, mark]) => (mark === undefined ? [nameOf(source)] : []));
  if (missing.length > 0) throw withoutSecrets(to, missing);
  const changed = [...then].filter(([source, mark]) => !marks.get(source)?.startsWith(mark));
  return {
    ...{ from, to },
    text: earlier(text, running, (source) => marks.get(source) ?? ""),
    secrets: changed.map(([source]) => nameOf(source)).sort(),
    volumes: volumesSince(text, running),
  };
}

/** A folder for a plan, as far from everything as that of the stack: the paths in the text are relative. */
export function draftFolder({ name }: Stack): string {
  return join(outputFolder(), "stacks", `${name}.rollback`);
}

/** Writes what a rollback deploys into a folder, as a synth would. */
export function layOut({ from, to, text }: Rollback, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const revision: Revision = {
    commit: to.commit,
    clean: to.clean,
    rollback: { from: from.number, to: to.number },
  };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(text, undefined, 2));
  writeFileSync(join(folder, REVISION_FILE), `${JSON.stringify(revision)}\n`);
  rmSync(join(folder, "files"), { recursive: true, force: true });
  for (const part of [DESCRIPTION_FILE, "files"]) {
    if (existsSync(join(to.folder, part)))
      cpSync(join(to.folder, part), join(folder, part), { recursive: true });
  }
  copyLockfile(folder);
}

function textOf({ folder }: KeptRelease): StackText {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
}

/** Data goes to newer versions of PostgreSQL only. */
function requireVersions(from: KeptRelease, to: KeptRelease): void {
  const before = versionsOf(to);
  for (const [name, version] of versionsOf(from)) {
    const then = before.get(name);
    if (then === undefined || then === version) continue;
    throw new Problem({
      what: `Release ${to.number} has PostgreSQL ${then} for ${name}, and its data is of ${version} by now.`,
      value: `release ${to.number}`,
      allowed: `a release since the upgrade to ${version}`,
      fix: "go back to such a one, or deploy the commit of the release with the version of today declared",
    });
  }
}

function versionsOf({ folder }: KeptRelease): ReadonlyMap<string, number> {
  const { databases }: WrittenDescription = JSON.parse(readFileSync(join(folder, DESCRIPTION_FILE), "utf8"));
  return new Map(databases.map(({ name, version }) => [name, version]));
}

function nameOf(source: string): string {
  return source.slice(source.lastIndexOf("/") + 1);
}

function nothingBefore(): Problem {
  return new Problem({
    what: "There is no release to go back to.",
    fix: "npm run releases -- <stack> lists those that are kept",
  });
}

function elsewhere(from: KeptRelease, to: KeptRelease): Problem {
  return new Problem({
    what: `Release ${to.number} was on another engine.`,
    value: `${to.engine}; the stack is on: ${from.engine}`,
    fix: "go back to a release of this engine, or deploy the commit of that one",
  });
}

function withoutSecrets({ number, commit }: KeptRelease, missing: readonly string[]): Problem {
  return new Problem({
    what: `Release ${number} needs secrets that are not there any more.`,
    value: missing.join("\n"),
    fix: `deploy its commit${commit === null ? "" : ` (git switch --detach ${commit.slice(0, 8)})`}, which reads them again`,
  });
}
