import pc from "picocolors";
import type { AuditLine } from "../modules/release/release.ts";
import { run, verb } from "./command.ts";
import { auditLines } from "./release/audit.ts";
import { commitOf, imagesChanged } from "./release/words.ts";
import { type KeptRelease, releasesIn } from "./stack/releases.ts";
import { stackOf } from "./stack/stack.ts";
import { table } from "./stack/table.ts";
import { moment } from "./stack/words.ts";

async function releases(name: string, options: { json?: true; audit?: true }): Promise<void> {
  const { releasesFolder } = stackOf(name);
  const kept = releasesIn(releasesFolder);
  const audit = await auditLines(releasesFolder);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ releases: kept, audit }, undefined, 2)}\n`);
  } else if (options.audit) {
    process.stdout.write(describeAudit(audit));
  } else {
    process.stdout.write(
      kept.length === 0 ? `Nothing was released of the stack ${name} yet.\n` : describe(name, kept),
    );
  }
}

/** The newest first; that is the one which runs. */
function describe(name: string, kept: readonly KeptRelease[]): string {
  const rows = kept.map((release, at) => [
    at === kept.length - 1 ? pc.green(`${release.number} runs`) : `${release.number}`,
    moment(release.time),
    release.who,
    commitOf(release),
    release.rollback === undefined
      ? imagesChanged(release, kept[at - 1])
      : `${release.rollback.to} again, after ${release.rollback.from}`,
  ]);
  return [
    table(["release", "at (UTC)", "by", "commit", "what"], rows.reverse()),
    "",
    `npm run rollback -- ${name} --to <release> goes back to one of them.`,
    "",
  ].join("\n");
}

function describeAudit(lines: readonly AuditLine[]): string {
  const rows = lines.map(({ time, who, outcome, release, rollback, reason, ...revision }) => [
    moment(time),
    who,
    outcome === "released" ? `released ${release}` : pc.red(outcome),
    commitOf(revision),
    reason ?? (rollback === undefined ? "" : `rollback of ${rollback.from} to ${rollback.to}`),
  ]);
  return rows.length === 0
    ? "Nothing was deployed yet.\n"
    : `${table(["at (UTC)", "by", "outcome", "commit", ""], rows)}\n`;
}

await run(
  verb("releases", "List the releases of a stack that are kept, and tell which one runs.")
    .option("--audit", "every deployment there ever was, with its outcome, instead")
    .option("--json", "print both as JSON")
    .addHelpText(
      "after",
      "\nEach deployment that changes something is a release, by npx cdktf deploy as well.",
    )
    .action(releases),
);
