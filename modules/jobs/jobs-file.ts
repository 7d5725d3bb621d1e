import type { ConfigFile } from "../engine/workload.ts";
import type { Duration } from "../values/duration.ts";
import type { Name } from "../values/name.ts";
import type { Schedule } from "./schedule.ts";

/** What a run does that meets the one before: it is left out, or it ends the one before. */
export type Overlap = "forbid" | "replace";

/** A command and its times. */
export interface ScheduledCommand {
  /** Distinct in its container. */
  readonly name: Name;
  readonly schedule: Schedule;
  readonly overlap: Overlap;
  /** How long a run may take; then it is asked to end, and killed ten seconds later. */
  readonly timeout: Duration;
  /** A program and its arguments; no shell reads them. */
  readonly command: readonly string[];
}

/** Where the scheduler reads it. */
const PATH = "/etc/slipway/jobs.json";

/** The file that tells the scheduler of a container what to run and when. */
export function jobsFile(jobs: readonly ScheduledCommand[]): ConfigFile {
  const entries = jobs.map(({ name, schedule, overlap, timeout, command }) => ({
    name: name.text,
    schedule: schedule.settings,
    overlap,
    timeout: timeout.seconds,
    command,
  }));
  return { path: PATH, content: `${JSON.stringify(entries, undefined, 2)}\n` };
}
