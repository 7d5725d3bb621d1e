import type { Check } from "./check.ts";
import type { Site } from "./site.ts";

/** What `npm run verify -- --json` prints. Keys are only ever added. */
export interface Verification {
  readonly stack: string;
  /** Whether all checks passed. */
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly checks: readonly CheckResult[];
}

/** How one check went. */
export interface CheckResult {
  readonly name: string;
  readonly recipe: string;
  readonly ok: boolean;
  readonly seen: string;
  /** What a good site would have shown; null when it did. */
  readonly expected: string | null;
  readonly milliseconds: number;
}

/** Runs checks side by side; the order of the results is theirs. */
export async function verify(site: Site, checks: readonly Check[]): Promise<Verification> {
  const results = await Promise.all(checks.map((check) => outcome(site, check)));
  const passed = results.filter(({ ok }) => ok).length;
  return {
    stack: site.stack.name,
    ok: passed === results.length,
    passed,
    failed: results.length - passed,
    checks: results,
  };
}

async function outcome(site: Site, check: Check): Promise<CheckResult> {
  const start = Date.now();
  const { name, recipe } = check;
  try {
    const result = await check.run(site);
    const expected = result.ok ? null : result.expected;
    return { name, recipe, ok: result.ok, seen: result.seen, expected, milliseconds: Date.now() - start };
  } catch (error) {
    const seen = error instanceof Error ? error.message || String(error.cause ?? error.name) : String(error);
    return { name, recipe, ok: false, seen, expected: "an answer", milliseconds: Date.now() - start };
  }
}
