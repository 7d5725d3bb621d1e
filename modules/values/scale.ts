import { InvalidValue } from "./invalid-value.ts";

/** A unit of a scale: how one and how many of it are written, and how many base units it stands for. */
export interface Unit {
  readonly one: string;
  readonly many: string;
  readonly amount: number;
}

/** What makes up a scale. */
export interface ScaleProps {
  /** The kind of quantity, for error messages. */
  readonly what: string;
  /** The accepted units, the largest first; the last one is the base unit, with the amount 1. */
  readonly units: readonly Unit[];
  /** The largest amount in base units, itself below 2^53, so that every accepted amount is exact. */
  readonly limit: number;
  /** Two accepted texts, for error messages. */
  readonly examples: readonly [string, string];
  /** Lower-case spellings that are refused but understood, with their amount, so that the fix can be exact. */
  readonly understood: Readonly<Record<string, number>>;
}

const STRICT = /^(0|[1-9]\d*) (\S+)$/;
const LENIENT = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]+)\s*$/i;

/** The units in which one kind of quantity is written: reads "512 MiB" as base units and writes it back. */
export class Scale {
  readonly #props: ScaleProps;
  readonly #meanings: ReadonlyMap<string, number>;

  constructor(props: ScaleProps) {
    this.#props = props;
    this.#meanings = new Map([
      ...Object.entries(props.understood),
      ...props.units.flatMap(({ one, many, amount }) =>
        [one, many].map((text) => [text.toLowerCase(), amount] as const),
      ),
    ]);
  }

  /**
   * Reads a whole number, one space and a unit; returns base units.
   *
   * @throws InvalidValue for any other text, with the nearest accepted text as the fix.
   */
  parse(text: string): number {
    const { units, limit } = this.#props;
    const [, digits, name] = STRICT.exec(text) ?? [];
    const unit = units.find(({ one, many }) => name === one || name === many);
    if (unit === undefined) throw this.#refusal(text, this.#nearest(text));
    const amount = Number(digits) * unit.amount;
    if (amount > limit) throw this.#refusal(text, `Write at most "${this.format(limit)}"`);
    return amount;
  }

  /** Writes base units in the largest unit that holds them without a fraction. */
  format(amount: number): string {
    const unit = this.#props.units.find((each) => amount >= each.amount && amount % each.amount === 0);
    const { one, many, amount: size } = unit ?? this.#base;
    return `${amount / size} ${amount === size ? one : many}`;
  }

  /**
   * Converts base units into a larger unit.
   *
   * @throws InvalidValue when a fraction would remain, which a caller would otherwise cut off unnoticed.
   */
  wholly(amount: number, unit: number): number {
    if (amount % unit === 0) return amount / unit;
    throw new InvalidValue({
      what: this.#props.what,
      got: this.format(amount),
      allowed: `a multiple of "${this.format(unit)}" here`,
      fix: `Write "${this.format(Math.ceil(amount / unit) * unit)}"`,
    });
  }

  get #base(): Unit {
    return this.#props.units.at(-1) as Unit;
  }

  #refusal(got: string, fix: string): InvalidValue {
    const { what, units, examples } = this.#props;
    const names = units.map(({ many }) => many).reverse();
    const allowed = `a whole number and a unit (${names.join(", ")}), such as "${examples.join('" or "')}"`;
    return new InvalidValue({ what, got, allowed, fix });
  }

  /** A fraction becomes a whole number of the next smaller unit, rounded up. */
  #nearest(text: string): string {
    const { units, limit, examples } = this.#props;
    const [, digits, spelling = ""] = LENIENT.exec(text) ?? [];
    const unit = this.#meanings.get(spelling.toLowerCase());
    if (unit === undefined) return `Write for example "${examples[0]}"`;
    const step = units.find(({ amount }) => amount < unit)?.amount ?? 1;
    // toFixed takes away the binary noise of products such as 1.1 * 60 before it is rounded up.
    const amount = Math.ceil(Number(((Number(digits) * unit) / step).toFixed(6))) * step;
    return amount > limit ? `Write at most "${this.format(limit)}"` : `Write "${this.format(amount)}"`;
  }
}
