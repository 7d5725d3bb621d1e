import type { Site } from "./site.ts";

/** What a check came to. */
export type Result =
  | { readonly ok: true; readonly seen: string }
  | { readonly ok: false; readonly seen: string; readonly expected: string };

/** Something that must be true of every site, tried out on a running one. */
export interface Check {
  /** One sentence that is true of a good site. */
  readonly name: string;
  /** The recipe behind it, as rules name theirs. */
  readonly recipe: string;
  /** Visitors would notice it: it runs only when it is asked for, after the others and alone. @default false */
  readonly disruptive?: boolean;
  /** It looks into containers: where a stack runs in none, it is left out. @default false */
  readonly inside?: boolean;
  /** Must end by itself; what it throws counts as a failure. */
  run(site: Site): Promise<Result>;
}

/** The property holds; `seen` tells by what. */
export function pass(seen: string): Result {
  return { ok: true, seen };
}

/** The property does not hold. */
export function failed(seen: string, expected: string): Result {
  return { ok: false, seen, expected };
}

/** Passes without deviations, and otherwise fails with all of them. */
export function none(deviations: readonly string[], seen: string, expected: string): Result {
  return deviations.length === 0 ? pass(seen) : failed(deviations.join("; "), expected);
}
