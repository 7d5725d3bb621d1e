import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DESCRIPTION_FILE } from "../../modules/environment/description-file.ts";
import {
  type Deployed,
  KEPT_RELEASES,
  RELEASE_FILE,
  REVISION_FILE,
  type Release,
  type Revision,
} from "../../modules/release/release.ts";
import { releasesIn } from "../stack/releases.ts";
import { audit, auditLines, whoAmI } from "./audit.ts";

/** What a deployment of the release again needs beside its record; `files` is what configurations are handed over from. */
const PARTS = ["cdk.tf.json", DESCRIPTION_FILE, "files"];

/**
 * Writes a release down that came to its end. Nobody else does at the same time: Terraform, which calls it, holds the
 * lock of the state.
 * @param working folder that Terraform runs in
 * @param releases folder of the stack's releases
 */
export async function record(
  working: string,
  releases: string,
  deployed: Deployed,
  schemas: Release["schemas"],
): Promise<Release> {
  const revision: Revision = JSON.parse(readFileSync(join(working, REVISION_FILE), "utf8"));
  const release: Release = {
    number: await nextNumber(releases),
    time: new Date().toISOString(),
    who: whoAmI(),
    ...revision,
    ...deployed,
    schemas,
  };
  keep(working, join(releases, `${release.number}`), release);
  const { number, time, who, stack } = release;
  audit(releases, { time, who, stack, release: number, ...revision, outcome: "released" });
  for (const old of releasesIn(releases).slice(0, -KEPT_RELEASES)) rmSync(old.folder, { recursive: true });
  return release;
}

/** Of all that there ever were: a number never means two releases. */
async function nextNumber(releases: string): Promise<number> {
  const numbers = (await auditLines(releases)).map(({ release }) => release ?? 0);
  return Math.max(0, ...numbers, ...releasesIn(releases).map(({ number }) => number)) + 1;
}

/** Written aside and renamed, so that a run that is killed leaves no half release. */
function keep(working: string, folder: string, release: Release): void {
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  for (const part of PARTS) {
    if (existsSync(join(working, part))) cpSync(join(working, part), join(draft, part), { recursive: true });
  }
  writeFileSync(join(draft, RELEASE_FILE), `${JSON.stringify(release, undefined, 2)}\n`);
  renameSync(draft, folder);
}
