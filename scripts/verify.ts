import { Option } from "commander";
import pc from "picocolors";
import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import { stackOf } from "./stack/stack.ts";
import { table } from "./stack/table.ts";
import { CHECKS } from "./verify/checks.ts";
import { declaredOf } from "./verify/declared.ts";
import { machineAddress } from "./verify/machine-address.ts";
import { Site } from "./verify/site.ts";
import { type CheckResult, type Verification, verify } from "./verify/verification.ts";

const LONGEST_SEEN = 90;
const INSIDE = `${CHECKS.filter(({ inside }) => inside).length} checks look into containers and were left out; on each machine, sh install verify does the same.\n`;

interface Options {
  readonly json?: true;
  readonly edge?: string;
  readonly disruptive?: true;
  readonly production?: true;
  readonly at?: string;
}

async function main(name: string, { json, edge, disruptive, production, at }: Options): Promise<void> {
  const stack = stackOf(name);
  const sites =
    at === undefined ? await Site.of(stack, edge) : Site.at(stack, await machineAddress(at), edge);
  if (disruptive && !production && declaredOf(stack).purpose === "production") {
    throw new Problem({
      what: `The stack ${name} is for production, and --disruptive kills nodes and shuts visitors out for seconds.`,
      fix: `npm run verify -- ${name} --disruptive --production when its visitors may notice`,
    });
  }
  try {
    const verification = await verify(
      sites,
      CHECKS.filter((check) => disruptive || !check.disruptive).filter(
        (check) => at === undefined || !check.inside,
      ),
    );
    process.stdout.write(
      json ? `${JSON.stringify(verification, undefined, 2)}\n` : describe(verification, sites),
    );
    if (at !== undefined && !json) process.stdout.write(INSIDE);
    if (!verification.ok) process.exitCode = 1;
  } finally {
    await Promise.all(sites.map((site) => site.close()));
  }
}

/** The results for people: a table for each edge, below it the failures in full, and the totals at the end. */
function describe({ checks, passed, failed }: Verification, sites: readonly Site[]): string {
  const parts = sites.map(({ declared }) => {
    const own = checks.filter(({ edge }) => edge === declared.name);
    const title = pc.bold(`${declared.name}${declared.server === undefined ? "" : `, ${declared.server}`}`);
    return `${title}\n\n${describeEdge(own)}`;
  });
  const where = sites.length > 1 ? ` on ${sites.length} edges` : "";
  return `${parts.join("\n\n")}\n\n${passed} passed, ${failed} failed${where}\n`;
}

function describeEdge(checks: readonly CheckResult[]): string {
  const rows = checks.map(({ ok, name, recipe, seen, milliseconds }) => [
    ok ? pc.green("pass") : pc.red("FAIL"),
    name,
    recipe.split(";")[0] ?? "",
    `${(milliseconds / 1000).toFixed(1)} s`,
    ok ? cut(seen) : "see below",
  ]);
  const failures = checks.flatMap(({ ok, name, seen, expected }) =>
    ok ? [] : ["", `${pc.red("✖")} ${name}`, `  seen:     ${seen}`, `  expected: ${expected}`],
  );
  return [table(["", "check", "recipe", "took", "seen"], rows), ...failures].join("\n");
}

function cut(text: string): string {
  return text.length > LONGEST_SEEN ? `${text.slice(0, LONGEST_SEEN - 1)}…` : text;
}

await run(
  verb("verify", "Try out on the running stack that it behaves as the recipes ask.")
    .option("--edge <name>", "look at this edge alone (default: all)")
    .option("--at <address>", "look at an exported stack, at the machine that has its edge")
    .addOption(
      new Option(
        "--disruptive",
        "also kill nodes and switch maintenance on and off, which visitors notice",
      ).conflicts("at"),
    )
    .option("--production", "allow --disruptive on a stack whose purpose is production")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nExit code 0 when all checks pass, 1 otherwise. It takes half a minute, with --disruptive a quarter more for" +
        "\neach route. docs/conformance.md names each check and the recipe behind it.",
    )
    .action(main),
);
