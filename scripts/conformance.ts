import { Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { run } from "./command.ts";
import { Matrix } from "./conformance/matrix.ts";
import { interruptible } from "./setup/interrupt.ts";
import { Problem } from "./setup/problem.ts";
import { table } from "./stack/table.ts";
import { list } from "./stack/words.ts";
import { CHECKS } from "./verify/checks.ts";
import { Site } from "./verify/site.ts";
import { type Verification, verify } from "./verify/verification.ts";

/** What `npm run conformance -- --json` prints. Keys are only ever added. */
interface Row {
  readonly combination: string;
  readonly edge: string;
  readonly server: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** Why it could not be tried out; null when it was. */
  readonly problem: string | null;
  readonly checks: Verification["checks"];
}

interface Options {
  readonly atOnce: number;
  readonly json?: true;
}

async function conformance(names: readonly string[], { atOnce, json }: Options): Promise<void> {
  const { signal } = interruptible();
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const matrix = await Matrix.write();
  const rows = new Map<string, Row>();
  try {
    const wanted = chosen(matrix.names, names);
    const queue = [...wanted];
    const workers = Array.from({ length: atOnce }, async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        signal.throwIfAborted();
        tell(`${name}: deploying`);
        const row = await tryOut(matrix, name, signal);
        rows.set(name, row);
        tell(`${name}: ${row.problem ?? `${row.passed} passed, ${row.failed} failed`} (${row.seconds} s)`);
      }
    });
    const outcomes = await Promise.allSettled(workers);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    const results = wanted.flatMap((name) => rows.get(name) ?? []);
    process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : describe(results));
    if (results.some(({ failed, problem }) => failed > 0 || problem !== null)) process.exitCode = 1;
  } finally {
    await matrix.removeAll();
  }
}

/** One combination that can't be deployed does not keep the others from being tried. */
async function tryOut(matrix: Matrix, name: string, signal: AbortSignal): Promise<Row> {
  const start = Date.now();
  const row = (
    edge: string,
    server: string,
    { passed, failed, checks }: Pick<Verification, "passed" | "failed" | "checks">,
    problem: string | null,
  ): Row => {
    const seconds = Math.round((Date.now() - start) / 1000);
    return { combination: name, edge, server, passed, failed, seconds, problem, checks };
  };
  try {
    const sites = await Site.of(await matrix.deploy(name, signal));
    const verification = await verify(sites, CHECKS).finally(() =>
      Promise.all(sites.map((site) => site.close())),
    );
    const edges = sites.map(({ declared }) => declared.server ?? declared.name);
    const servers = sites.flatMap(({ apps }) => apps.map((app) => app.server ?? "unknown"));
    return row([...new Set(edges)].join(", "), [...new Set(servers)].join(", "), verification, null);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    return row("", "", { passed: 0, failed: 0, checks: [] }, error.message);
  } finally {
    await matrix.remove(name);
  }
}

function chosen(known: readonly string[], names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names.length > 0 ? names : known;
  throw new Problem({
    what: "The matrix has no such combination.",
    value: JSON.stringify(unknown),
    allowed: list(known),
    fix: "name some of these, or none for all",
  });
}

/** A line for each combination, the failures below, and the totals at the end. */
function describe(rows: readonly Row[]): string {
  const lines = rows.map(({ combination, edge, server, passed, failed, seconds, problem }) => [
    failed === 0 && problem === null ? pc.green("pass") : pc.red("FAIL"),
    combination,
    edge,
    server,
    `${passed}`,
    `${failed}`,
    `${passed + failed}`,
    `${seconds} s`,
  ]);
  const failures = rows.flatMap(({ combination, problem, checks }) => [
    ...(problem === null ? [] : ["", `${pc.red("✖")} ${combination}`, problem]),
    ...checks
      .filter(({ ok }) => !ok)
      .flatMap(({ name, seen, expected }) => [
        "",
        `${pc.red("✖")} ${combination}: ${name}`,
        `  seen:     ${seen}`,
        `  expected: ${expected}`,
      ]),
  ]);
  const passed = rows.reduce((sum, row) => sum + row.passed, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  const broken = rows.filter(({ problem }) => problem !== null).length;
  const heads = ["", "combination", "edge", "server", "passed", "failed", "checks", "took"];
  return `${[table(heads, lines), ...failures].join("\n")}\n\n${rows.length} combinations, ${passed + failed} checks: ${passed} passed, ${failed} failed${broken > 0 ? `, ${broken} not deployed` : ""}\n`;
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 8) return number;
  throw new InvalidArgumentError("Allowed is a whole number from 1 to 8.");
}

await run(
  new Command("npm run conformance --")
    .description(
      "Deploy every combination of edge, application server and kind of application, and verify each.",
    )
    .argument("[combinations...]", "the combinations (default: all)")
    .option("--at-once <n>", "how many are up at the same time", count, 2)
    .option("--json", "print every check as JSON; progress goes to stderr")
    .addHelpText(
      "after",
      "\nThe combinations are the lines of test/e2e/conformance/matrix.ts. They use ports from 18200 up, a project of" +
        "\ntheir own, and are removed at the end. Exit code 0 when all checks of all combinations pass.",
    )
    .action(conformance),
);
