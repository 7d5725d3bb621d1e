import { Option } from "commander";
import pc from "picocolors";
import type { ExportTarget } from "../modules/hosts/export/export-target.ts";
import { EXPORT_TARGETS, exportTargetOf } from "../modules/hosts/export/export-targets.ts";
import { machinesOf } from "../modules/hosts/export/machine.ts";
import { InvalidValue } from "../modules/values/invalid-value.ts";
import { run, verb } from "./command.ts";
import { writeExport } from "./export/export-folder.ts";
import { exportedStack } from "./export/exported-stack.ts";
import { interruptible } from "./setup/interrupt.ts";
import { step } from "./stack/progress.ts";
import { stackOf } from "./stack/stack.ts";
import { synthesize } from "./stack/synthesis.ts";

interface Options {
  readonly target: string;
  readonly out: string;
  readonly machine?: readonly string[];
  readonly json?: true;
}

async function main(name: string, { target: named, out, machine = [], json }: Options): Promise<void> {
  const target = exportTargetOf(named);
  refuseSpread(target, machine);
  const stack = stackOf(name);
  const { signal } = interruptible("run it again to go on");
  const quietly = <T>(title: string, work: () => Promise<T>) => (json ? work() : step(title, work));
  await quietly("Synthesis", () => synthesize(stack, signal));
  const files = await quietly(`Export for ${target.name}`, async () => {
    const exported = await exportedStack(stack);
    const placed = exported.description.workloads.filter(({ role }) => !target.leavesOut?.has(role));
    const nodes = new Map(placed.map(({ name, nodes }) => [name, nodes]));
    const files = target.files(exported, machinesOf(machine, nodes));
    await writeExport(out, files);
    return files;
  });
  process.stdout.write(
    json
      ? `${JSON.stringify({ stack: name, target: named, out, files: files.map(({ path }) => path) }, undefined, 2)}\n`
      : `\n${pc.bold(out)} has ${files.length} files; ${pc.bold(`${out}/README.md`)} tells the steps in order.\n` +
          "Keys and passwords are among them: it is readable to you alone, and git leaves it out.\n",
  );
}

/** @throws InvalidValue for machines of a target that is a single host */
function refuseSpread({ name, spreads }: ExportTarget, machines: readonly string[]): void {
  if (spreads || machines.length === 0) return;
  throw new InvalidValue({
    what: `machines of an export for ${name}`,
    got: machines.join(" "),
    allowed: "none, for it is one host",
    fix: "Leave out --machine",
  });
}

await run(
  verb("export", "Write a stack out for hosts that run no containers.")
    .addOption(
      new Option("--target <target>", "the kind of host")
        .choices(EXPORT_TARGETS.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "where to; an earlier export there is replaced as a whole")
    .option(
      "--machine <name=address:workloads...>",
      "spread the workloads over several machines, such as web=10.0.0.11:edge,guestbook (default: one has all)",
    )
    .option("--json", "print the paths of the files as JSON")
    .addHelpText(
      "after",
      `\nTargets:\n${EXPORT_TARGETS.map(({ name, description }) => `  ${name.padEnd(16)}${description}`).join("\n")}\n` +
        "\nNothing is changed on any host: the folder has a README with the steps, and what they need.",
    )
    .action(main),
);
