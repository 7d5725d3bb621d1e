import pc from "picocolors";
import { run, verb } from "./command.ts";
import { type Drift, driftOf } from "./drift/drift.ts";
import { thisMachine } from "./setup/machine.ts";
import { findTerraform } from "./setup/terraform.ts";
import { stackOf } from "./stack/stack.ts";
import { table } from "./stack/table.ts";

/** Exit code for something that is not as it was declared. */
const DRIFTED = 2;
const LONGEST = 60;

async function drift(name: string, { json }: { json?: true }): Promise<void> {
  const stack = stackOf(name);
  process.stderr.write("looking at what runs, and planning\n");
  const found = await driftOf(stack, await findTerraform(thisMachine), new AbortController().signal);
  process.stdout.write(json ? `${JSON.stringify(found, undefined, 2)}\n` : describe(found));
  if (!found.ok) process.exitCode = DRIFTED;
}

function describe({ stack, against, ok, items }: Drift): string {
  if (ok) return `${pc.green("✔")} All of ${stack} is as ${against} declares it.\n`;
  const rows = items.map(({ name, field, declared, found, next }) => [
    name,
    field,
    cut(declared),
    cut(found),
    next,
  ]);
  const head = ["name", "field", `declared by ${against}`, "found", "what the next deploy does"];
  return `${table(head, rows)}\n`;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

await run(
  verb(
    "drift",
    "Compare what runs with what was declared, in the fields that Terraform never reads again too.",
  )
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nCompared are image, env, labels, mounts, files and secrets by digest, networks, ports, limits, user, command and" +
        "\ncapabilities. Exit code 2 when something differs, 0 otherwise; nothing is changed.",
    )
    .action(drift),
);
