import { InvalidValue } from "./invalid-value.ts";

/** Leaves room for a stack's prefix and a release's suffix within the 63 characters of a DNS label and a PostgreSQL name. */
const LONGEST = 40;

/**
 * The name of something in a stack: `Name.of("guestbook")`. It becomes the name of containers, networks, databases and
 * roles, so it keeps to what all of them take: a DNS label in lower case that starts with a letter.
 */
export class Name {
  /** Keeps other classes with the same members from being taken for a name. */
  protected declare readonly brand: "Name";
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
    Object.freeze(this);
  }

  /** Takes a name as it is, or checks its text. @throws InvalidValue with a cleaned-up name as the fix. */
  static of(name: Name | string): Name {
    if (name instanceof Name) return name;
    if (isName(name)) return new Name(name);
    const cleaned = clean(name);
    throw new InvalidValue({
      what: "name",
      got: name,
      allowed: `lower-case letters, digits and inner hyphens, first a letter, at most ${LONGEST} characters`,
      fix: isName(cleaned) ? `Write "${cleaned}"` : 'Write a name such as "guestbook"',
    });
  }

  /** The text, which {@link Name.of} reads back. */
  toString(): string {
    return this.text;
  }
}

function isName(text: string): boolean {
  return text.length <= LONGEST && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
}

/** Takes accents off letters, joins words with hyphens and drops what a name cannot start or end with. */
function clean(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
}
