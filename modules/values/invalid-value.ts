/** What a value object says when it refuses its input. */
export interface Refusal {
  /** The kind of value, such as `size` or `hostname`. */
  readonly what: string;
  /** The input as it was written. Never a secret: it ends up on terminals and in logs. */
  readonly got: string;
  /** What would have been accepted: a noun phrase without a full stop. */
  readonly allowed: string;
  /** What to do about it: an imperative without a full stop, such as `Write "1536 MiB"`. */
  readonly fix: string;
}

/** More of an input than this helps nobody to find it. */
const SHOWN_CHARACTERS = 100;

/**
 * A value that a user wrote and that is refused. It is a user's mistake, so the commands print its message alone.
 *
 * @example Invalid size "1.5 GiB": allowed is a whole number and a unit, such as "512 MiB". Write "1536 MiB".
 */
export class InvalidValue extends Error implements Refusal {
  override readonly name = "InvalidValue";
  readonly what: string;
  readonly got: string;
  readonly allowed: string;
  readonly fix: string;

  constructor({ what, got, allowed, fix }: Refusal) {
    super(`Invalid ${what} ${quoted(got)}: allowed is ${allowed}. ${fix}.`);
    this.what = what;
    this.got = got;
    this.allowed = allowed;
    this.fix = fix;
  }
}

/** JSON quoting keeps line ends and control characters of the input from forging lines of output. */
function quoted(got: string): string {
  return JSON.stringify(got.length > SHOWN_CHARACTERS ? `${got.slice(0, SHOWN_CHARACTERS)}…` : got);
}
