import type { Check } from "./check.ts";
import type { Site } from "./site.ts";

/** What `npm run verify -- --json` prints. Keys are only ever added. */
export interface Verification {
  readonly stack: string;
  /** Whether all checks passed. */
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  /** Of all edges, one after the other. */
  readonly checks: readonly CheckResult[];
}

/** How one check went. */
export interface CheckResult {
  readonly edge: string;
  readonly name: string;
  readonly recipe: string;
  readonly ok: boolean;
  readonly seen: string;
  /** What a good site would have shown; null when it did. */
  readonly expected: string | null;
  readonly milliseconds: number;
}

/**
 * Runs checks on the sites of a stack, side by side but for those that visitors would notice. The order of the results
 * is that of the sites and the checks.
 */
export async function verify(sites: readonly Site[], checks: readonly Check[]): Promise<Verification> {
  const outcomes = await Promise.all(
    sites.map((site) =>
      Promise.all(checks.filter(({ disruptive }) => !disruptive).map((check) => outcome(site, check))),
    ),
  );
  for (const [at, site] of sites.entries())
    for (const check of checks.filter(({ disruptive }) => disruptive))
      outcomes[at]?.push(await outcome(site, check));
  const results = outcomes.flat();
  const passed = results.filter(({ ok }) => ok).length;
  return {
    stack: sites[0]?.stack.name ?? "",
    ok: passed === results.length,
    passed,
    failed: results.length - passed,
    checks: results,
  };
}

async function outcome(site: Site, check: Check): Promise<CheckResult> {
  const start = Date.now();
  const { name, recipe } = check;
  const { name: edge } = site.declared;
  const told = (ok: boolean, seen: string, expected: string | null): CheckResult => {
    return { edge, name, recipe, ok, seen, expected, milliseconds: Date.now() - start };
  };
  try {
    const result = await check.run(site);
    return told(result.ok, result.seen, result.ok ? null : result.expected);
  } catch (error) {
    const seen = error instanceof Error ? error.message || String(error.cause ?? error.name) : String(error);
    return told(false, seen, "an answer");
  }
}
