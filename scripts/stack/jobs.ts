import pc from "picocolors";
import type { Container } from "./containers.ts";
import { table } from "./table.ts";
import { span } from "./words.ts";

/** The last run of a job, as its scheduler tells (modules/jobs/image/slipway_jobs/health.py). */
export interface JobStatus {
  /** The workload that runs it, such as `shop-jobs`. */
  readonly workload: string;
  readonly name: string;
  /** `every 300 s`, or a cron expression and its time zone. */
  readonly schedule: string;
  /** When it was last begun, in ISO 8601; null when it never was. */
  readonly started: string | null;
  /** How long it took; null when it never ran, or still does. */
  readonly seconds: number | null;
  /** `running`, `succeeded`, `failed`, `timed-out`, `replaced`, `stopped` or `interrupted`; null when it never ran. */
  readonly result: string | null;
  readonly exitCode: number | null;
  /** Runs that were left out since the last one, because one was at work. */
  readonly skipped: number;
  /** When it is due, in ISO 8601; null when its scheduler has not begun. */
  readonly next: string | null;
}

/** What a person should look after. */
const UNWELL = ["failed", "timed-out", "interrupted"];

/**
 * The jobs of a container, from the last of its health checks that told of any: one that takes too long tells nothing.
 * @param running whether the container does; what ran in one that does not was interrupted.
 */
export function jobsIn(outputs: readonly string[], workload: string, running: boolean): readonly JobStatus[] {
  const last = outputs.map(parse).findLast((jobs) => jobs.length > 0) ?? [];
  return last.map((job) => ({
    workload,
    ...job,
    ...(!running && { result: job.result === "running" ? "interrupted" : job.result, next: null }),
  }));
}

function parse(output: string): readonly Omit<JobStatus, "workload">[] {
  try {
    return JSON.parse(output.split("\n")[0] ?? "").jobs;
  } catch {
    return [];
  }
}

/** The jobs of all containers; while a release is rolled out, two of them tell of the same. */
export function jobsOf(containers: readonly Container[]): readonly JobStatus[] {
  const byName = new Map(
    containers.flatMap(({ jobs }) => jobs.map((job) => [`${job.workload}/${job.name}`, job])),
  );
  return [...byName.values()];
}

/** A table for people, and a line for each job whose last run was not good. */
export function describeJobs(jobs: readonly JobStatus[], stack: string, now = Date.now()): readonly string[] {
  if (jobs.length === 0) return [];
  const sick = jobs.filter(({ result }) => result !== null && UNWELL.includes(result));
  return [
    "",
    table(
      ["job", "of", "schedule", "last start", "result", "took", "next"],
      jobs.map((job) => row(job, now)),
    ),
    ...(sick.length > 0 ? [""] : []),
    ...sick.map(({ name, workload, result, exitCode }) => {
      const code = exitCode === null ? "" : ` with exit code ${exitCode}`;
      return `${pc.red("✖")} ${name} ${result}${code}; npm run logs -- ${stack} ${workload} tells more`;
    }),
  ];
}

function row(job: JobStatus, now: number): readonly string[] {
  const { name, workload, schedule, started, seconds, result, skipped, next } = job;
  const colour = result !== null && UNWELL.includes(result) ? pc.red : pc.green;
  const left = skipped === 0 ? "" : `, ${skipped} left out`;
  const until = next === null ? 0 : Date.parse(next) - now;
  return [
    name,
    workload,
    schedule,
    started === null ? "–" : `${span(now - Date.parse(started))} ago`,
    `${result === null ? "–" : colour(result)}${left}`,
    seconds === null ? "–" : span(seconds * 1000),
    next === null ? "–" : until <= 0 ? "now" : `in ${span(until)}`,
  ];
}
