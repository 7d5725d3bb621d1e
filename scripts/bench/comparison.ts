/** What one round took on both sides, in the same unit. */
export interface Round {
  readonly ours: number;
  readonly theirs: number;
}

/** Something of ours, measured side by side with what people would use instead. */
export interface Comparison {
  /** What was measured, such as `npm start, nothing runs yet`. */
  readonly what: string;
  /** What it is held against, such as `docker-compose up -d`. */
  readonly against: string;
  readonly rounds: readonly Round[];
  /** The ratio that must not be exceeded. @default none */
  readonly aim?: number;
}

/** How often ours takes as much as theirs. */
export interface Ratio {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The ratio of each round, as both sides of a round meet the same noise of the machine, and the median of those.
 * @throws RangeError without a round
 */
export function ratioOf(rounds: readonly Round[]): Ratio {
  const ratios = rounds.map(({ ours, theirs }) => ours / theirs);
  return { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
}

/**
 * The middle of the values in order, or the mean of both in the middle.
 * @throws RangeError without a value
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  if (low === undefined || high === undefined) throw new RangeError("the median of no values");
  return (low + high) / 2;
}

/**
 * Does both sides in turn, and the other one first in every second round: what warms up or wears out hits both.
 * @param each is told the number of the round, from 1
 */
export async function alternate<A, B>(
  rounds: number,
  ours: () => Promise<A>,
  theirs: () => Promise<B>,
  each: (round: number) => void = () => undefined,
): Promise<{ readonly ours: A; readonly theirs: B }[]> {
  const results: { ours: A; theirs: B }[] = [];
  for (let round = 1; round <= rounds; round++) {
    each(round);
    if (round % 2 === 1) {
      const first = await ours();
      results.push({ ours: first, theirs: await theirs() });
    } else {
      const first = await theirs();
      results.push({ ours: await ours(), theirs: first });
    }
  }
  return results;
}
