import { Scale } from "./scale.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type UnitName = "millisecond" | "second" | "minute" | "hour" | "day";

/** A duration as it is written in a stack; other units do not compile, fractions are refused at run time. */
export type DurationText = `${number} ${UnitName | `${UnitName}s`}`;

const SCALE = new Scale({
  what: "duration",
  units: [
    { one: "day", many: "days", amount: DAY },
    { one: "hour", many: "hours", amount: HOUR },
    { one: "minute", many: "minutes", amount: MINUTE },
    { one: "second", many: "seconds", amount: SECOND },
    { one: "millisecond", many: "milliseconds", amount: 1 },
  ],
  // Go counts nanoseconds in 64 bits, which ends during day 106752; so every duration has a Go form.
  limit: 106_751 * DAY,
  examples: ["30 seconds", "1 day"],
  understood: {
    ...{
      ms: 1,
      msec: 1,
      msecs: 1,
      s: SECOND,
      sec: SECOND,
      secs: SECOND,
      m: MINUTE,
      min: MINUTE,
      mins: MINUTE,
    },
    ...{ h: HOUR, hr: HOUR, hrs: HOUR, d: DAY, w: 7 * DAY, week: 7 * DAY, weeks: 7 * DAY },
  },
});

/** An exact number of milliseconds from 0 to 106751 days: `Duration.of("30 seconds")`. A day has 24 hours. */
export class Duration {
  /** Keeps other classes with the same members from being taken for a duration. */
  protected declare readonly brand: "Duration";
  readonly milliseconds: number;

  private constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
    Object.freeze(this);
  }

  /** Takes a duration as it is, or parses its text. @throws InvalidValue as {@link Duration.parse} does. */
  static of(duration: Duration | DurationText): Duration {
    return duration instanceof Duration ? duration : Duration.parse(duration);
  }

  /** Parses text such as "6 hours". @throws InvalidValue for fractions, other units and more than 106751 days. */
  static parse(text: string): Duration {
    return new Duration(SCALE.parse(text));
  }

  /** @throws InvalidValue unless `count` is a whole number. */
  static milliseconds(count: number): Duration {
    return Duration.parse(`${count} milliseconds`);
  }

  /** @throws InvalidValue unless `count` is a whole number. */
  static seconds(count: number): Duration {
    return Duration.parse(`${count} seconds`);
  }

  /** The duration in seconds. @throws InvalidValue when that is not a whole number. */
  get seconds(): number {
    return SCALE.wholly(this.milliseconds, SECOND);
  }

  plus(other: Duration): Duration {
    return Duration.milliseconds(this.milliseconds + other.milliseconds);
  }

  /** @throws InvalidValue when the product is not a whole number of milliseconds. */
  times(factor: number): Duration {
    return Duration.milliseconds(this.milliseconds * factor);
  }

  /** Negative, zero or positive, as `Array.sort` wants it. */
  compare(other: Duration): number {
    return this.milliseconds - other.milliseconds;
  }

  /** The shortest exact text, which {@link Duration.parse} reads back: "90 minutes", "1 day". */
  toString(): string {
    return SCALE.format(this.milliseconds);
  }

  /**
   * What Go's `time.Duration.String()` prints: "500ms", "30s", "1m30s", "1h0m0s". The Docker provider reads its
   * durations back in this form, and any other spelling of the same duration would be a permanent diff.
   */
  toGo(): string {
    const total = this.milliseconds;
    if (total > 0 && total < SECOND) return `${total}ms`;
    const hours = Math.floor(total / HOUR);
    const minutes = Math.floor((total % HOUR) / MINUTE);
    const seconds = `${(total % MINUTE) / SECOND}s`;
    if (hours > 0) return `${hours}h${minutes}m${seconds}`;
    return minutes > 0 ? `${minutes}m${seconds}` : seconds;
  }
}
