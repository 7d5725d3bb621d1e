import type { Note } from "../stack/progress.ts";
import type { Findings } from "./report.ts";

/** What a measure is given. */
export interface Bench {
  /** How often both sides are measured. */
  readonly rounds: number;
  /** Told what is being done. */
  readonly note: Note;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
}

/** Something that can be measured by itself. */
export interface Measure {
  /** As `--only` takes it. */
  readonly name: string;
  /** One line for the help and for the progress. */
  readonly description: string;
  /** Why it can't be measured here, if so. */
  obstacle(): Promise<string | undefined>;
  run(bench: Bench): Promise<Findings>;
}
