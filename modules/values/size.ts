import { Scale } from "./scale.ts";

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
const TIB = 2 ** 40;

/** A size as it is written in a stack; other units do not compile, fractions are refused at run time. */
export type SizeText = `${number} ${"B" | "KiB" | "MiB" | "GiB" | "TiB"}`;

const SCALE = new Scale({
  what: "size",
  units: [
    { one: "TiB", many: "TiB", amount: TIB },
    { one: "GiB", many: "GiB", amount: GIB },
    { one: "MiB", many: "MiB", amount: MIB },
    { one: "KiB", many: "KiB", amount: KIB },
    { one: "B", many: "B", amount: 1 },
  ],
  limit: 8191 * TIB,
  examples: ["512 MiB", "2 GiB"],
  // "MB" is 10^6 to some programs and 2^20 to others, so it is refused; Docker and PostgreSQL mean 2^20.
  understood: {
    k: KIB,
    kb: KIB,
    ki: KIB,
    m: MIB,
    mb: MIB,
    mi: MIB,
    g: GIB,
    gb: GIB,
    gi: GIB,
    t: TIB,
    tb: TIB,
    ti: TIB,
  },
});

/** An exact number of bytes from 0 to 8191 TiB, in binary units: `Size.of("512 MiB")`. */
export class Size {
  /** Keeps other classes with the same members from being taken for a size. */
  protected declare readonly brand: "Size";
  readonly bytes: number;

  private constructor(bytes: number) {
    this.bytes = bytes;
    Object.freeze(this);
  }

  /** Takes a size as it is, or parses its text. @throws InvalidValue as {@link Size.parse} does. */
  static of(size: Size | SizeText): Size {
    return size instanceof Size ? size : Size.parse(size);
  }

  /** Parses text such as "2 GiB". @throws InvalidValue for fractions, other units and more than 8191 TiB. */
  static parse(text: string): Size {
    return new Size(SCALE.parse(text));
  }

  /** @throws InvalidValue unless `count` is a whole number. */
  static bytes(count: number): Size {
    return Size.parse(`${count} B`);
  }

  /** @throws InvalidValue unless `count` is a whole number. */
  static mebibytes(count: number): Size {
    return Size.parse(`${count} MiB`);
  }

  /** @throws InvalidValue unless `count` is a whole number. */
  static gibibytes(count: number): Size {
    return Size.parse(`${count} GiB`);
  }

  /** The size in MiB. @throws InvalidValue when that is not a whole number. */
  get mebibytes(): number {
    return SCALE.wholly(this.bytes, MIB);
  }

  plus(other: Size): Size {
    return Size.bytes(this.bytes + other.bytes);
  }

  /** @throws InvalidValue when the product is not a whole number of bytes. */
  times(factor: number): Size {
    return Size.bytes(this.bytes * factor);
  }

  /** Negative, zero or positive, as `Array.sort` wants it. */
  compare(other: Size): number {
    return this.bytes - other.bytes;
  }

  /** The shortest exact text, which {@link Size.parse} reads back: "1536 MiB", "2 GiB". */
  toString(): string {
    return SCALE.format(this.bytes);
  }
}
