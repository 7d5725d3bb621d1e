import { Cron } from "croner";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** Runs that are looked at to find the shortest time between two: a year of a job for each day. */
const SAMPLE = 400;

/** A number, a range or everything, with a step or without; names of months and days. */
const TERM = String.raw`(?:\*|[0-9]{1,2}(?:-[0-9]{1,2})?|[A-Za-z]{3}(?:-[A-Za-z]{3})?)(?:\/[0-9]{1,2})?`;
const EXPRESSION = new RegExp(`^${TERM}(?:,${TERM})*(?: ${TERM}(?:,${TERM})*){4}$`);

/** When a job is due. */
export class Schedule {
  /** As the scheduler reads it (modules/jobs/image/slipway_jobs/job.py). */
  readonly settings: { readonly every: number } | { readonly cron: string; readonly timezone: string };
  /** The shortest time between two runs. */
  readonly period: Duration;

  private constructor(settings: Schedule["settings"], period: Duration) {
    this.settings = Object.freeze(settings);
    this.period = period;
    Object.freeze(this);
  }

  /**
   * Again and again, the first time at once; what it missed while nothing ran, it does once.
   * @throws InvalidValue below one second, and for fractions of one.
   */
  static every(period: Duration | DurationText): Schedule {
    const duration = Duration.of(period);
    const seconds = duration.seconds;
    if (seconds >= 1) return new Schedule({ every: seconds }, duration);
    throw new InvalidValue({
      what: "time between two runs of a job",
      got: duration.toString(),
      allowed: "at least one second",
      fix: 'Write "5 minutes"',
    });
  }

  /**
   * By the clock. Where an hour is left out in spring, its jobs are run when it is over; where one comes twice in autumn,
   * they are run once, unless the expression names every hour or minute. What it missed while nothing ran, it does once.
   * @param expression the five fields of crontab(5): minute, hour, day of the month, month, day of the week.
   * @param timezone name of the IANA database, such as "Europe/Berlin". @default "UTC"
   * @throws InvalidValue for more or fewer fields, what they cannot be, and an unknown zone.
   */
  static cron(expression: string, timezone = "UTC"): Schedule {
    const zone = knownZone(timezone);
    const refused = (got: string) =>
      new InvalidValue({
        what: "cron expression",
        got,
        allowed:
          "the five fields minute, hour, day of the month, month and day of the week, one space between them",
        fix: 'Write for example "0 3 * * *" for three o\'clock each day',
      });
    if (!EXPRESSION.test(expression)) throw refused(expression);
    const runs = runsOf(expression, zone);
    if (runs === undefined) throw refused(expression);
    const gaps = runs.slice(1).map((run, at) => run.getTime() - (runs[at]?.getTime() ?? 0));
    return new Schedule({ cron: expression, timezone: zone }, Duration.milliseconds(Math.min(...gaps)));
  }

  /** In words, as it is written in a stack. */
  toString(): string {
    if ("every" in this.settings) return `every ${this.period}`;
    return `${this.settings.cron} (${this.settings.timezone})`;
  }
}

/** Moments at which it is due; undefined for what is no expression, or for a day that there is never twice. */
function runsOf(expression: string, timezone: string): readonly Date[] | undefined {
  try {
    // From a moment of its own: what a stack means must not depend on the day.
    const runs = new Cron(expression, { timezone, mode: "5-part" }).nextRuns(
      SAMPLE,
      new Date("2026-01-01T00:00:00Z"),
    );
    return runs.length < 2 ? undefined : runs;
  } catch {
    return undefined;
  }
}

/** Names are those of files in the container, so their spelling counts. */
function knownZone(timezone: string): string {
  try {
    if (/^[A-Z]\w*(-\w+)*(\/[A-Z][\w+-]*)*$/.test(timezone)) {
      new Intl.DateTimeFormat("en", { timeZone: timezone });
      return timezone;
    }
  } catch {
    // Told below.
  }
  throw new InvalidValue({
    what: "time zone",
    got: timezone,
    allowed: "a name of the IANA database",
    fix: 'Write it like "Europe/Berlin", or leave it out for UTC',
  });
}
