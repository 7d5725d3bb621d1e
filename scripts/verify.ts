import pc from "picocolors";
import { run, verb } from "./command.ts";
import { stackOf } from "./stack/stack.ts";
import { table } from "./stack/table.ts";
import { CHECKS } from "./verify/checks.ts";
import { Site } from "./verify/site.ts";
import { type Verification, verify } from "./verify/verification.ts";

const LONGEST_SEEN = 90;

async function main(name: string, options: { json?: true }): Promise<void> {
  const site = await Site.of(stackOf(name));
  try {
    const verification = await verify(site, CHECKS);
    process.stdout.write(
      options.json ? `${JSON.stringify(verification, undefined, 2)}\n` : describe(verification),
    );
    if (!verification.ok) process.exitCode = 1;
  } finally {
    await site.close();
  }
}

/** The results for people: a table, and below it the failures in full. */
function describe({ checks, passed, failed }: Verification): string {
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
  const lines = [table(["", "check", "recipe", "took", "seen"], rows), ...failures];
  return `${lines.join("\n")}\n\n${passed} passed, ${failed} failed\n`;
}

function cut(text: string): string {
  return text.length > LONGEST_SEEN ? `${text.slice(0, LONGEST_SEEN - 1)}…` : text;
}

await run(
  verb("verify", "Try out on the running stack that it behaves as the recipes ask.")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExit code 0 when all checks pass, 1 otherwise. It takes half a minute at most.")
    .action(main),
);
