import { InvalidArgumentError } from "commander";
import { run, verb } from "./command.ts";
import { nameImages, requireImages, requireSchemas, schemasMoved } from "./release/obstacles.ts";
import { planned } from "./release/planned.ts";
import { choose, draftFolder, layOut, type Rollback, rollback } from "./release/rollback.ts";
import { schemasOf } from "./release/schemas.ts";
import { commitOf } from "./release/words.ts";
import { askOnTerminal } from "./setup/consent.ts";
import { thisMachine } from "./setup/machine.ts";
import { Problem } from "./setup/problem.ts";
import { findTerraform } from "./setup/terraform.ts";
import { deploy } from "./stack/deploy.ts";
import { step } from "./stack/progress.ts";
import { releasesIn } from "./stack/releases.ts";
import { running } from "./stack/running.ts";
import { stackOf } from "./stack/stack.ts";
import { stateOf } from "./stack/state.ts";
import { list } from "./stack/words.ts";

interface Options {
  readonly to?: number;
  readonly dryRun?: true;
  readonly acceptSchema?: true;
  readonly yes?: true;
  readonly wait: boolean;
}

async function goBack(name: string, options: Options): Promise<void> {
  const stack = stackOf(name);
  const terraform = await findTerraform(thisMachine);
  const chosen = async () => {
    const kept = releasesIn(stack.releasesFolder);
    const to = choose(kept, options.to, (await stateOf(stack)).released);
    return { from: kept.at(-1) ?? to, to };
  };
  const schemas = async () => schemasMoved(to, await schemasOf(stack));
  const { from, to } = await chosen();
  await requireImages(stack, to);
  const plan = rollback(stack, from, to);
  const moved = await schemas();
  const changes = await step("Plan", async () => {
    // Terraform needs the images under their names, or it would plan to fetch them.
    await nameImages(stack, Object.values(to.images));
    layOut(plan, draftFolder(stack));
    return planned(terraform, stack, draftFolder(stack));
  });
  process.stdout.write(`\n${describe(plan, changes)}\n`);
  requireSchemas(to, moved, options.acceptSchema === true);
  if (options.dryRun || changes.length === 0) return;
  await consent(plan, options);
  const again = `npm run rollback -- ${name} --to ${to.number}`;
  const lay = async () => {
    // Another deployment may have been at work until now, and have migrated what this one would meet.
    requireSame(plan, await chosen());
    requireSchemas(to, await schemas(), options.acceptSchema === true);
    layOut(plan, stack.folder);
  };
  const containers = await deploy(stack, terraform, lay, { again, wait: options.wait });
  process.stdout.write(`\n${running(stack, containers)}`);
}

function describe({ from, to, secrets, volumes }: Rollback, changes: readonly string[]): string {
  const title =
    from === to
      ? `Back to release ${to.number} (${commitOf(to)}), the last that came to its end`
      : `From release ${from.number} (${commitOf(from)}) back to ${to.number} (${commitOf(to)} of ${to.time.slice(0, 10)})`;
  return [
    `${title}:`,
    ...(changes.length === 0 ? ["  nothing has to change"] : changes.map((line) => `  ${line}`)),
    ...(secrets.length > 0 ? [`Secrets stay as they are now; others since then: ${list(secrets)}.`] : []),
    ...(volumes.length > 0 ? [`Volumes that came since then stay, with their data: ${list(volumes)}.`] : []),
    "",
  ].join("\n");
}

/** @throws Problem when the releases are not those any more that were looked at */
function requireSame(one: Pick<Rollback, "from" | "to">, other: Pick<Rollback, "from" | "to">): void {
  if (one.from.number === other.from.number && one.to.number === other.to.number) return;
  throw new Problem({
    what: "Another deployment came to its end meanwhile, and nothing was changed.",
    value: `release ${other.from.number}; what was told is for release ${one.from.number}`,
    fix: "run it again, and see what it tells now",
  });
}

async function consent({ to }: Rollback, { yes }: Options): Promise<void> {
  if (yes || process.stdin.isTTY !== true) return;
  if (await askOnTerminal(`Go back to release ${to.number}? [Y/n] `)) return;
  throw new Problem({ what: "Nothing was changed.", fix: "run it again, and answer yes" });
}

function numberOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Allowed: the number of a release.");
  return Number(text);
}

await run(
  verb(
    "rollback",
    "Deploy an earlier release of a stack again: its images, which are not built, and its configuration.",
  )
    .option(
      "--to <release>",
      "its number, as npm run releases lists them; the one before unless said",
      numberOf,
    )
    .option("--dry-run", "only tell what would change")
    .option("--accept-schema", "go back although the schema of a database has changed since")
    .option("--yes", "do not ask")
    .option("--no-wait", "give up at once when another run is changing the stack, and say who it is")
    .addHelpText(
      "after",
      "\nLike any release it is healthy before the one that runs goes, and it is recorded as a release itself. Data, volumes" +
        "\nand secrets stay as they are now. After a deployment that failed it goes back to the last that did not.",
    )
    .action(goBack),
);
