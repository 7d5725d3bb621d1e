import { InvalidValue } from "./invalid-value.ts";

const LARGEST = 65_535;
const CHOOSE = "Choose a free port, such as 8080";

/** A TCP or UDP port that something can listen on, 1 to 65535: `Port.of(8080)`. */
export class Port {
  /** Keeps other classes with the same members from being taken for a port. */
  protected declare readonly brand: "Port";
  readonly number: number;

  private constructor(number: number) {
    this.number = number;
    Object.freeze(this);
  }

  /** Takes a port as it is, or checks its number. @throws InvalidValue unless it is whole and from 1 to 65535. */
  static of(port: Port | number): Port {
    if (port instanceof Port) return port;
    if (Number.isInteger(port) && port >= 1 && port <= LARGEST) return new Port(port);
    throw refusal(String(port), port === 0 ? "Choose the port: 0 would let the system pick one" : CHOOSE);
  }

  /** Parses decimal digits, as in `8080`. @throws InvalidValue for anything else. */
  static parse(text: string): Port {
    if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= LARGEST) return new Port(Number(text));
    const [, digits] = /^[\s:0]*([1-9]\d{0,4})(?:\/\w+)?\s*$/.exec(text) ?? [];
    throw refusal(text, digits !== undefined && Number(digits) <= LARGEST ? `Write "${digits}"` : CHOOSE);
  }

  /** The decimal digits, which {@link Port.parse} reads back. */
  toString(): string {
    return String(this.number);
  }
}

function refusal(got: string, fix: string): InvalidValue {
  return new InvalidValue({ what: "port", got, allowed: `a whole number from 1 to ${LARGEST}`, fix });
}
