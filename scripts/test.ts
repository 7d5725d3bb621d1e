import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { Command } from "commander";
import { $ } from "zx";
import { closingLine } from "./test/closing-line.ts";
import { failures } from "./test/failures.ts";
import type { VitestReport } from "./test/vitest-report.ts";

const REPORT = ".slipway/test-report.json";

const program = new Command("npm test --")
  .description("Lint, types, and every test; the last line counts them.")
  .option("--fast", "without the tests that need a Docker engine")
  .option("--full", "repeat what takes endurance as often as the project promises; takes more than an hour")
  .argument("[files...]", "only test files whose path contains one of these")
  .parse();
const { fast = false, full = false } = program.opts<{ fast?: boolean; full?: boolean }>();
if (full) process.env.TEST_EXTENT = "full";

process.exitCode = await test(fast, program.args);

/** Runs the layers one after the other, the quick ones first, and returns the exit code. */
async function test(fast: boolean, files: readonly string[]): Promise<number> {
  for (const [layer, command] of [
    ["lint", ["biome", "ci", "--error-on-warnings", "."]],
    ["types", ["tsc", "--noEmit"]],
  ] as const) {
    const { exitCode } = await $({ nothrow: true, stdio: "inherit" })`npx --no ${command}`;
    if (exitCode !== 0) {
      console.log(`\n${layer} failed; the tests did not run.\n0 passed, 1 failed`);
      return 1;
    }
  }
  mkdirSync(".slipway", { recursive: true });
  rmSync(REPORT, { force: true });
  const projects = ["--project", "fast", ...(fast ? [] : ["--project", "e2e"])];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`];
  const { exitCode } = await $({
    nothrow: true,
    stdio: "inherit",
  })`npx --no vitest run ${projects} ${reporters} ${files}`;
  const report = read();
  console.log(["", ...failures(report), closingLine(report)].join("\n"));
  return exitCode ?? 1;
}

function read(): VitestReport {
  try {
    return JSON.parse(readFileSync(REPORT, "utf8"));
  } catch {
    // The runner itself broke down before it could count.
    const message = `it wrote no ${REPORT}`;
    return { testResults: [{ name: "vitest", status: "failed", message, assertionResults: [] }] };
  }
}
