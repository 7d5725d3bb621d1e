import { isBroken, type VitestReport } from "./vitest-report.ts";

/**
 * `N passed, N failed`, and `, N skipped` when there are any. A file that failed without a failing test, because its
 * set-up or its imports broke, counts as one failure: what it would have tested is only skipped otherwise.
 */
export function closingLine({ testResults }: VitestReport): string {
  const statuses = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ status }) => status),
  );
  const count = (status: string) => statuses.filter((other) => other === status).length;
  const broken = testResults.filter(isBroken).length;
  const passed = count("passed");
  const failed = count("failed") + broken;
  const skipped = statuses.length - passed - count("failed");
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
