import { relative } from "node:path";
import { isBroken, type VitestReport } from "./vitest-report.ts";

/** Lines of a message that are shown, and characters of each. */
const LINES = 4;
const WIDTH = 300;

/**
 * Every failed test with the first lines of what went wrong, one paragraph each. The runner tells all of it, but above
 * thousands of lines of output; whoever reads the end of a log learns which tests these were.
 */
export function failures({ testResults }: VitestReport): string[] {
  return testResults.flatMap((result) => {
    const file = relative(process.cwd(), result.name);
    if (isBroken(result)) return [paragraph(file, result.message)];
    return result.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => paragraph(`${file}: ${fullName}`, failureMessages[0] ?? ""));
  });
}

function paragraph(title: string, message: string): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(0, LINES).map((line) => `    ${line.trim().slice(0, WIDTH)}`);
  return [`failed: ${title}`, ...shown].join("\n");
}
