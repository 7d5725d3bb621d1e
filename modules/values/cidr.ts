import { isIPv4, isIPv6 } from "node:net";
import { InvalidValue } from "./invalid-value.ts";

/**
 * A network by its first address and prefix length (RFC 4632, RFC 4291): `Cidr.of("10.0.0.0/24")`. The bits behind
 * the prefix must be zero, because "10.0.0.7/24" may mean one host or its network. IPv6 is kept in its RFC 5952 form.
 */
export class Cidr {
  /** Keeps other classes with the same members from being taken for a network. */
  protected declare readonly brand: "Cidr";
  /** The first address, such as "10.0.0.0". */
  readonly address: string;
  /** How many leading bits all addresses of the network share. */
  readonly prefix: number;

  private constructor(address: string, prefix: number) {
    this.address = address;
    this.prefix = prefix;
    Object.freeze(this);
  }

  /** Takes a network as it is, or parses its text. @throws InvalidValue, with the right network where one is meant. */
  static of(cidr: Cidr | string): Cidr {
    if (cidr instanceof Cidr) return cidr;
    const [, written = "", length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(cidr) ?? [];
    if (!isAddress(written)) throw refusal(cidr, 'Write a network such as "10.0.0.0/24"');
    const width = widthOf(written);
    if (length === undefined)
      throw refusal(cidr, `Add the prefix length: "${written}/${width}" is this address alone`);
    const prefix = Number(length);
    if (prefix > width) throw refusal(cidr, `Write a prefix length from 0 to ${width}`);
    const first = firstAddress(written, prefix);
    if (bitsOf(first) !== bitsOf(written)) {
      throw refusal(
        cidr,
        `Write "${first}/${prefix}" for the network or "${written}/${width}" for this address alone`,
      );
    }
    return new Cidr(first, prefix);
  }

  /**
   * Whether the address lies in this network. An address of the other family never does, not even an IPv4 address
   * that is mapped into IPv6.
   *
   * @throws InvalidValue unless `address` is an IPv4 or IPv6 address.
   */
  contains(address: string): boolean {
    if (!isAddress(address)) {
      const allowed = "an IPv4 or IPv6 address";
      throw new InvalidValue({
        what: "address",
        got: address,
        allowed,
        fix: 'Write an address such as "10.0.0.7"',
      });
    }
    if (isIPv4(address) !== isIPv4(this.address)) return false;
    return firstAddress(address, this.prefix) === this.address;
  }

  /** Whether the two networks share an address, which means that one lies in the other. */
  overlaps(other: Cidr): boolean {
    return this.prefix <= other.prefix ? this.contains(other.address) : other.contains(this.address);
  }

  /** The network, which {@link Cidr.of} reads back. */
  toString(): string {
    return `${this.address}/${this.prefix}`;
  }
}

function refusal(got: string, fix: string): InvalidValue {
  const allowed = 'the first address of a network and its prefix length, such as "10.0.0.0/24" or "fd00::/8"';
  return new InvalidValue({ what: "network", got, allowed, fix });
}

/** isIPv6 lets scoped addresses ("fe80::1%eth0") pass, which name an interface of one machine. */
function isAddress(text: string): boolean {
  return isIPv4(text) || (isIPv6(text) && !text.includes("%"));
}

function widthOf(address: string): 32 | 128 {
  return isIPv4(address) ? 32 : 128;
}

/** The URL parser of the platform brings every spelling of an IPv6 address into its shortest form. */
function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function bitsOf(address: string): bigint {
  if (isIPv4(address)) return address.split(".").reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n);
  const [head = [], tail = []] = shortest(address)
    .split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function firstAddress(address: string, prefix: number): string {
  const width = widthOf(address);
  const behind = BigInt(width - prefix);
  const bits = (bitsOf(address) >> behind) << behind;
  if (width === 32) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join(".");
  return shortest((bits.toString(16).padStart(32, "0").match(/.{4}/g) ?? []).join(":"));
}
