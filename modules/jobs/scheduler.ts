/**
 * The scheduler, as a part of any image that has Python 3.11 or newer: `slipway_jobs` belongs to a folder of PYTHONPATH,
 * and what has a `cron` schedule needs `cronsim` (PyPI), or `python3-cronsim` (Debian), and `tzdata`.
 */
import { fileURLToPath } from "node:url";
import type { ContextPart } from "../engine/build.ts";
import { Duration } from "../values/duration.ts";
import type { ScheduledCommand } from "./jobs-file.ts";

/** The package, as the folder `slipway_jobs` of a build context. */
export const SCHEDULER: ContextPart = { folder: fileURLToPath(new URL("image", import.meta.url)), into: "" };

/** Where a volume keeps the last results and the times, in a folder of the workload's user. */
export const JOBS_STATE = "/var/lib/slipway/jobs";

/** Seconds from the signal that asks a command to end to the one that ends it (slipway_jobs/job.py), and to stop itself. */
const ENDING = 20;

/** How long a stop may take: until the longest run is over. */
export function stopGrace(jobs: readonly Pick<ScheduledCommand, "timeout">[]): Duration {
  const longest = Math.max(0, ...jobs.map(({ timeout }) => timeout.seconds));
  return Duration.seconds(longest + ENDING);
}
