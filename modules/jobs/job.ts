/**
 * Something that an application does by itself, once, however many nodes it has.
 *
 *     shop.runs(Job.every("1 hour", { name: "report", call: "shop.reports:send", timeout: "10 minutes" }));
 *     shop.runs(Job.cron("0 3 * * *", { name: "tidy", command: ["python", "tidy.py"], timezone: "Europe/Berlin" }));
 *     shop.runs(Job.expireSessions({ after: "60 minutes", every: "5 minutes" }));
 *     shop.runs(Job.collectTickets({ into: db }));
 */
import type { DatabaseGrant, Service } from "../app/service.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import type { Overlap } from "./jobs-file.ts";
import { Schedule } from "./schedule.ts";

/** Longer than this a job takes only where the stack says so: a release waits for it. */
const USUAL_TIMEOUT = Duration.of("1 hour");

/** What a job does. */
export type Task =
  | { readonly kind: "command"; readonly command: readonly string[] }
  | { readonly kind: "call"; readonly call: string }
  | { readonly kind: "expire-sessions"; readonly after: Duration }
  | { readonly kind: "collect-tickets"; readonly into: Service<DatabaseGrant>; readonly duplicates: boolean };

/** What any job has. */
export interface JobOptions {
  /** Distinct in its application. */
  readonly name: string;
  /** How long a run may take; then it is asked to end, and killed ten seconds later. @default the time between two runs, at most 1 hour */
  readonly timeout?: Duration | DurationText;
  /** What a run does that meets the one before: it is left out and counted, or ends the other. @default "forbid" */
  readonly overlap?: Overlap;
}

/**
 * A function or a program of the application's own. Functions are written as Python imports them, `module:function`: for
 * py4web modules of the application, which are run with its database; for web2py `controller:function` of the default
 * application, or `application/controller:function`, or a script such as `shop/private/nightly.py`, which are run after
 * the models.
 */
export type JobProps = JobOptions &
  (
    | { readonly call: string; readonly command?: never }
    /** A program and its arguments, in the folder of the application's code; no shell reads them. */
    | { readonly command: readonly [program: string, ...args: string[]]; readonly call?: never }
  );

export interface ExpireSessionsOptions {
  /** How long a session stays that nobody uses. */
  readonly after: Duration | DurationText;
  /** @default "5 minutes" */
  readonly every?: Duration | DurationText;
}

export interface CollectTicketsOptions {
  /** The database, which the application uses then without being told again. */
  readonly into: Service<DatabaseGrant>;
  /** A row for each error, also where it is the same again. @default false: the first one, and how often it came */
  readonly duplicates?: boolean;
  /** @default "5 minutes" */
  readonly every?: Duration | DurationText;
}

/** Something to be done at its times. */
export class Job {
  readonly name: Name;
  readonly schedule: Schedule;
  readonly timeout: Duration;
  /** Undefined where the stack does not say. */
  readonly overlap: Overlap | undefined;
  readonly task: Task;

  private constructor(options: JobOptions, schedule: Schedule, task: Task) {
    this.name = Name.of(options.name);
    this.schedule = schedule;
    this.timeout = timeoutOf(options.timeout, schedule);
    this.overlap = options.overlap;
    this.task = Object.freeze(task);
    Object.freeze(this);
  }

  /** Again and again, the first time as soon as it is deployed. @throws InvalidValue as {@link Schedule.every} does. */
  static every(period: Duration | DurationText, props: JobProps): Job {
    return new Job(props, Schedule.every(period), taskOf(props));
  }

  /**
   * By the clock.
   * @param props.timezone name of the IANA database. @default "UTC"
   * @throws InvalidValue as {@link Schedule.cron} does.
   */
  static cron(expression: string, props: JobProps & { readonly timezone?: string }): Job {
    return new Job(props, Schedule.cron(expression, props.timezone), taskOf(props));
  }

  /** Removes sessions that nobody used for so long (recipe 15), where they are files or rows. */
  static expireSessions({ after, every = "5 minutes" }: ExpireSessionsOptions): Job {
    const duration = Duration.of(after);
    if (duration.seconds < 60) {
      throw new InvalidValue({
        what: "time after which sessions expire",
        got: duration.toString(),
        allowed: "at least one minute: that exact is the time of their last use",
        fix: 'Write after: "60 minutes"',
      });
    }
    return new Job(preset("expire-sessions"), Schedule.every(every), {
      kind: "expire-sessions",
      after: duration,
    });
  }

  /** Makes rows of a database of the tickets that nodes leave as files (recipe 17). */
  static collectTickets({ into, duplicates = false, every = "5 minutes" }: CollectTicketsOptions): Job {
    return new Job(preset("collect-tickets"), Schedule.every(every), {
      kind: "collect-tickets",
      into,
      duplicates,
    });
  }
}

/** What a run leaves, the next one finds. */
function preset(name: string): JobOptions {
  return { name, timeout: "5 minutes", overlap: "forbid" };
}

function timeoutOf(timeout: Duration | DurationText | undefined, { period }: Schedule): Duration {
  if (timeout === undefined) return period.compare(USUAL_TIMEOUT) < 0 ? period : USUAL_TIMEOUT;
  const duration = Duration.of(timeout);
  if (duration.seconds >= 1) return duration;
  throw new InvalidValue({
    what: "timeout of a job",
    got: duration.toString(),
    allowed: "at least one second",
    fix: 'Write timeout: "10 minutes"',
  });
}

function taskOf(props: JobProps): Task {
  if (props.call !== undefined) return { kind: "call", call: props.call };
  const [program] = props.command;
  if (program === undefined || program === "" || props.command.some((word) => word.includes("\0"))) {
    throw new InvalidValue({
      what: "command of a job",
      got: JSON.stringify(props.command),
      allowed: "a program and its arguments",
      fix: 'Write command: ["python", "-m", "shop.report"]',
    });
  }
  return { kind: "command", command: props.command };
}
