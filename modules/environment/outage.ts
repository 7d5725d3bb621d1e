/**
 * What a change of a stack may cost its users, said by its author:
 *
 *     super(scope, "prod", { ..., outages: [{ of: "db", reason: "more memory, announced for Sunday at six" }] });
 */
import { InvalidValue } from "../values/invalid-value.ts";

/**
 * One interruption that is meant. `npm run review` ends with exit code 2 for one that was not declared. It is about one
 * change: the next one needs another reason.
 */
export interface Outage {
  /** Name of the workload that does not answer for a while. */
  readonly of: string;
  /** At least ten characters. */
  readonly reason: string;
  /** Its data may be left behind or lost, too. @default false */
  readonly dataAtRisk?: boolean;
}

/** @throws InvalidValue for a reason that says too little. */
export function checkOutages(stack: string, outages: readonly Outage[]): readonly Outage[] {
  for (const { of, reason } of outages) {
    if (reason.trim().length >= 10) continue;
    throw new InvalidValue({
      what: `reason for the outage of ${of} in ${stack}`,
      got: reason,
      allowed: "a sentence of at least ten characters, for whom the outage meets",
      fix: "Write why it has to be, and when",
    });
  }
  return outages;
}
