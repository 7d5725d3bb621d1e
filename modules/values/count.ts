import { InvalidValue } from "./invalid-value.ts";

/** What a number of things may be. */
export interface CountProps {
  /** The things, in the plural. */
  readonly of: string;
  readonly most: number;
  /** What to write, as an imperative without a full stop. */
  readonly fix: string;
}

/** A whole number of things, at least one of them. @throws InvalidValue for anything else. */
export function countOf(count: number, { of, most, fix }: CountProps): number {
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new InvalidValue({
    what: `number of ${of}`,
    got: String(count),
    allowed: `a whole number from 1 to ${most}`,
    fix,
  });
}
