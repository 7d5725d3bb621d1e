import { Command } from "commander";
import pc from "picocolors";
import { run } from "./command.ts";
import { chains } from "./setup/chains.ts";
import { diskSpace, engineDiskSpace } from "./setup/disk-space.ts";
import { type Machine, thisMachine } from "./setup/machine.ts";
import { port } from "./setup/port.ts";
import { PROJECT } from "./setup/project.ts";
import type { Finding, Requirement } from "./setup/requirement.ts";
import { stackOf } from "./stack/stack.ts";

/** What the doctor found out on one requirement. */
export type Diagnosis = { readonly name: string } & Finding;

/** Looks at all that a deployment needs, and changes nothing. */
export async function examine(machine: Machine = thisMachine): Promise<readonly Diagnosis[]> {
  // Those of the stack that npm start deploys.
  const { ports } = stackOf("dev").target;
  const requirements: readonly Requirement[] = [
    ...chains(machine).flatMap((chain) => chain.requirements),
    engineDiskSpace(machine),
    diskSpace(PROJECT),
    ...[ports.http, ports.https].map(({ number }) => port(machine, number)),
  ];
  return Promise.all(
    requirements.map(async (requirement) => ({ name: requirement.name, ...(await requirement.check()) })),
  );
}

/** What the doctor prints for people: a line for each requirement, and below it how to mend what is missing. */
export function describe(diagnoses: readonly Diagnosis[]): string {
  const width = Math.max(...diagnoses.map(({ name }) => name.length));
  const lines = diagnoses.flatMap((diagnosis) => {
    const name = diagnosis.name.padEnd(width);
    if (diagnosis.ok) return [`${pc.green("ok")}       ${name}  ${diagnosis.found}`];
    return [
      `${pc.red("missing")}  ${name}  ${diagnosis.found}`,
      `         ${" ".repeat(width)}  wanted: ${diagnosis.wanted}`,
      `         ${" ".repeat(width)}  fix:    ${diagnosis.remedy}`,
    ];
  });
  const missing = diagnoses.filter(({ ok }) => !ok).length;
  const summary = missing === 0 ? "All is well." : `${missing} of ${diagnoses.length} need attention.`;
  return `${lines.join("\n")}\n\n${summary}\n`;
}

if (process.argv[1] === import.meta.filename) {
  const program = new Command("npm run doctor --")
    .description(
      "Tell what this machine has of what a deployment needs, what is missing, and how to mend it.",
    )
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nNothing is installed or changed. Exit code 0 when all is well, 1 otherwise.")
    .allowExcessArguments(false);
  program.action(async () => {
    const diagnoses = await examine();
    const ok = diagnoses.every((diagnosis) => diagnosis.ok);
    const json = program.opts<{ json?: true }>().json === true;
    process.stdout.write(
      json ? `${JSON.stringify({ ok, findings: diagnoses }, undefined, 2)}\n` : describe(diagnoses),
    );
    if (!ok) process.exitCode = 1;
  });
  await run(program);
}
