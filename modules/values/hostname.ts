import { isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { InvalidValue } from "./invalid-value.ts";

const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** A last label of this form makes programs read the whole name as an IPv4 address (WHATWG URL, "ends in a number"). */
const NUMERIC = /^(?:\d+|0x[0-9a-f]*)$/i;
const LONGEST = 253;

/** What people add to a hostname, what to tell them, and what to put in its place to get the fix. */
const FLAWS: readonly { readonly flaw: RegExp; readonly advice: string; readonly instead: string }[] = [
  { flaw: /^\s+|\s+$/g, advice: "leave out the spaces around it", instead: "" },
  { flaw: /^[a-z][a-z0-9+.-]*:\/\//i, advice: "leave out the scheme", instead: "" },
  { flaw: /[/?#].*$/s, advice: "leave out the path", instead: "" },
  { flaw: /:\d*$/, advice: "leave out the port", instead: "" },
  { flaw: /^\*\./, advice: "name each host instead of a wildcard", instead: "" },
  { flaw: /\.$/, advice: "leave out the trailing dot", instead: "" },
  { flaw: /_/g, advice: "use hyphens for underscores", instead: "-" },
];

/**
 * The name of a host by RFC 1123, or its IPv4 address: `Hostname.of("shop.example.org")`. Names compare without
 * regard to case (RFC 4343), so upper case is accepted and kept in lower case. Single labels such as "localhost" are
 * names too. IPv6 addresses are refused, and so are names in other scripts, with their ASCII form as the fix.
 */
export class Hostname {
  /** Keeps other classes with the same members from being taken for a hostname. */
  protected declare readonly brand: "Hostname";
  /** The name in lower case, or the address. */
  readonly text: string;
  /** Whether this is an IPv4 address: it needs no resolver, and no certificate authority signs for its name. */
  readonly isAddress: boolean;

  private constructor(text: string) {
    this.text = text.toLowerCase();
    this.isAddress = isIPv4(text);
    Object.freeze(this);
  }

  /** Takes a hostname as it is, or checks its text. @throws InvalidValue with what to leave out or to replace. */
  static of(hostname: Hostname | string): Hostname {
    if (hostname instanceof Hostname) return hostname;
    if (isHostname(hostname)) return new Hostname(hostname);
    throw new InvalidValue({
      what: "hostname",
      got: hostname,
      allowed:
        'letters, digits and hyphens in labels joined by dots, such as "shop.example.org", or an IPv4 address',
      fix: fixFor(hostname),
    });
  }

  /** The text, which {@link Hostname.of} reads back. */
  toString(): string {
    return this.text;
  }
}

function isHostname(text: string): boolean {
  if (isIPv4(text)) return true;
  const labels = text.split(".");
  return (
    text.length <= LONGEST && labels.every((label) => LABEL.test(label)) && !NUMERIC.test(labels.at(-1) ?? "")
  );
}

function fixFor(text: string): string {
  if (isIPv6(text.replace(/^\[|\]$/g, ""))) return "Write a name that resolves to this IPv6 address";
  let mended = text;
  const advice: string[] = [];
  for (const { flaw, advice: words, instead } of FLAWS) {
    const next = mended.replace(flaw, instead);
    if (next !== mended) advice.push(words);
    mended = next;
  }
  // Only what has something to translate: domainToASCII also turns "256" into "0.0.1.0".
  const ascii = /^[\x20-\x7e]*$/.test(mended) ? mended : domainToASCII(mended);
  advice.push(
    isHostname(ascii) ? `write "${ascii.toLowerCase()}"` : 'write a name such as "shop.example.org"',
  );
  const sentence = advice.join(", ");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
