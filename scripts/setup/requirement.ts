import { Problem } from "./problem.ts";

/** What a check found out. */
export type Finding = Present | Missing;

/** The requirement is met. */
export interface Present {
  readonly ok: true;
  /** What is there: its version and where it is. */
  readonly found: string;
}

/** The requirement is not met. */
export interface Missing {
  readonly ok: false;
  /** What was found instead. */
  readonly found: string;
  /** What is wanted. */
  readonly wanted: string;
  /** How to mend it, in words. */
  readonly remedy: string;
  /**
   * What `install` would change on the machine outside of the user's own files; asked for on a terminal.
   * @default nothing
   */
  readonly changes?: readonly string[];
}

/** Takes a line on what is being done at the moment. */
export type Report = (line: string) => void;

/** One thing that a machine must have before a stack can be deployed. */
export interface Requirement {
  /** Short name, as the step lists and the doctor print it. */
  readonly name: string;
  /** Looks, changes nothing, ends within seconds, and never throws for something that is merely missing. */
  check(): Promise<Finding>;
  /**
   * Provides what is missing; called only when `check` found it missing, and only by one process at a time.
   * Left out when only the user can provide it.
   *
   * @throws Problem when it can't
   */
  install?(report: Report, signal: AbortSignal): Promise<void>;
}

/** The problem to report when a requirement is missing and is not, or can't be, installed. */
export function missing(requirement: Pick<Requirement, "name">, finding: Missing): Problem {
  return new Problem({
    what: `${requirement.name}: not ready.`,
    value: finding.found,
    allowed: finding.wanted,
    fix: finding.remedy,
  });
}

/**
 * Makes sure that a requirement is met, and says how.
 *
 * @param exclusively runs its argument while no other set-up of this user is installing anything
 * @throws Problem when it is missing and can't be installed, or is still missing afterwards
 */
export async function ensure(
  requirement: Requirement,
  exclusively: <T>(work: () => Promise<T>) => Promise<T>,
  report: Report,
  signal: AbortSignal,
): Promise<Present> {
  const first = await requirement.check();
  if (first.ok) return first;
  const { install } = requirement;
  if (install === undefined) throw missing(requirement, first);
  return exclusively(async () => {
    // Another set-up may have provided it while this one waited for its turn.
    const again = await requirement.check();
    if (again.ok) return again;
    await install.call(requirement, report, signal);
    const last = await requirement.check();
    if (!last.ok) throw missing(requirement, last);
    return last;
  });
}
