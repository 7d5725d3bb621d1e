/** What a change does to users, from the best to the worst. */
export const EFFECTS = ["none", "rolling", "outage", "data at risk"] as const;

export type Effect = (typeof EFFECTS)[number];

/** The worst of some effects; of none of them, `none`. */
export function worst(effects: readonly Effect[]): Effect {
  return EFFECTS[Math.max(0, ...effects.map((effect) => EFFECTS.indexOf(effect)))] ?? "none";
}

/** How long something does not answer. */
export interface Interruption {
  /** In seconds at most; null where it lasts until somebody acts, or for ever. */
  readonly atMost: number | null;
  /** What it is made of, in the order in which it happens. */
  readonly parts: readonly string[];
}
