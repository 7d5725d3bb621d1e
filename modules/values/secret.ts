import { inspect } from "node:util";
import { InvalidValue } from "./invalid-value.ts";
import { originOf, type SecretSource } from "./secret-source.ts";

const SHORTEST = 16;
const LONGEST = 256;
/** Refused input of a secret may be its value, put in the wrong place; so no error shows it. */
const HIDDEN = "(not shown)";

/**
 * The description of a secret: its name and where its value comes from, never the value. So it can be passed around,
 * printed and put into a model; only delivery resolves it.
 *
 * @example Secret.generated("db-password")
 */
export class Secret {
  /** Keeps other classes with the same members from being taken for a secret. */
  protected declare readonly brand: "Secret";
  /** Its name, which is also its file name below /run/secrets. */
  readonly name: string;
  readonly source: SecretSource;

  private constructor(name: string, source: SecretSource) {
    this.name = secretName(name);
    this.source = Object.freeze(source);
    Object.freeze(this);
  }

  /**
   * A secret that is made on first use. It has letters and digits only, because web2py reads the password in a
   * database URI without decoding percent escapes.
   *
   * @param options.length in characters of about 5.95 bits, 16 to 256. @default 32
   * @throws InvalidValue for another length.
   */
  static generated(name: string, options: { readonly length?: number } = {}): Secret {
    const { length = 32 } = options;
    if (!Number.isInteger(length) || length < SHORTEST || length > LONGEST) {
      const allowed = `a whole number from ${SHORTEST} to ${LONGEST}`;
      throw new InvalidValue({
        what: "secret length",
        got: String(length),
        allowed,
        fix: "Leave it out to get 32",
      });
    }
    return new Secret(name, { kind: "generated", length });
  }

  /** A private key for a server that speaks TLS, made on first use: PEM. */
  static privateKey(name: string): Secret {
    return new Secret(name, { kind: "private-key" });
  }

  /**
   * The certificate of a private key for the names of its server, signed by the key itself: PEM. It is no secret, but
   * kept and delivered like one.
   * @throws InvalidValue for another secret than a private key, or no name.
   */
  static certificate(
    name: string,
    { key, hostnames }: { readonly key: Secret; readonly hostnames: readonly string[] },
  ): Secret {
    if (key.source.kind !== "private-key" || hostnames.length === 0) {
      throw new InvalidValue({
        what: `certificate ${name}`,
        got: `${key} for ${hostnames.length === 0 ? "no name" : hostnames.join(", ")}`,
        allowed: "a private key, and one name or more",
        fix: 'Pass { key: Secret.privateKey("db_key"), hostnames: ["db"] }',
      });
    }
    return new Secret(name, { kind: "certificate", key, hostnames: Object.freeze([...hostnames]) });
  }

  /** The content of a file. @throws InvalidValue for an empty path. */
  static fromFile(name: string, path: string): Secret {
    if (!isArgument(path)) throw refusal("file", "a path", 'Write a path such as "/etc/shop/db-password"');
    return new Secret(name, { kind: "file", path });
  }

  /** The value of an environment variable. @throws InvalidValue for what is not the name of one. */
  static fromEnvironment(name: string, variable: string): Secret {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
      const fix = 'Write the name of the variable, such as "DB_PASSWORD", not its value';
      throw refusal("environment variable", "letters, digits and underscores, first no digit", fix);
    }
    return new Secret(name, { kind: "environment", variable });
  }

  /** What a program prints, such as `["pass", "show", "shop/db"]`. @throws InvalidValue without a program. */
  static fromCommand(name: string, argv: readonly [program: string, ...args: string[]]): Secret {
    if (!isArgument(argv[0]) || argv.some((argument) => argument.includes("\0"))) {
      throw refusal(
        "command",
        "a program and its arguments",
        'Write a list such as ["pass", "show", "shop/db"]',
      );
    }
    return new Secret(name, { kind: "command", argv: Object.freeze([...argv] as const) });
  }

  /**
   * A secret as a part of an address. Its value is refused where the stack is written, unless it has letters, digits and
   * `. _ ~ -` only (RFC 3986, unreserved): pydal and web2py do not decode percent escapes.
   */
  static forAddress(secret: Secret): Secret {
    return new Secret(`${secret.name}_in-address`, { kind: "address-part", of: secret });
  }

  /** Text and other secrets, one after another. @throws InvalidValue without a secret among them. */
  static composed(name: string, parts: readonly (string | Secret)[]): Secret {
    const kept = parts.filter((part) => part !== "");
    const areParts = kept.every((part) => typeof part === "string" || part instanceof Secret);
    if (!areParts || !kept.some((part) => part instanceof Secret)) {
      const fix = "Put the Secret itself between the texts, or pass text without a secret as plain text";
      throw refusal("text", "texts and at least one secret", fix);
    }
    return new Secret(name, { kind: "composed", parts: Object.freeze(kept) });
  }

  /**
   * The tag of a template that composes: ``Secret.text("db-url")`postgres://shop:${password}@db/shop` ``.
   *
   * @throws InvalidValue as {@link Secret.composed} does.
   */
  static text(
    name: string,
  ): (texts: TemplateStringsArray, ...values: readonly (string | Secret)[]) => Secret {
    return (texts, ...values) =>
      Secret.composed(
        name,
        texts.flatMap((text, at) => [text, ...values.slice(at, at + 1)]),
      );
  }

  /** Its name and where it comes from, for people. */
  toString(): string {
    return `Secret "${this.name}" (${originOf(this.source)})`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A file name; the parts of a name that is made of others are joined by underscores, which a Name does not have. */
function secretName(name: string): string {
  if (/^[a-z][a-z0-9_-]{0,199}$/.test(name)) return name;
  throw new InvalidValue({
    what: "name of a secret",
    got: name,
    allowed: "lower-case letters, digits, hyphens and underscores, first a letter",
    fix: 'Write a name such as "db-password"',
  });
}

function isArgument(text: string | undefined): boolean {
  return text !== undefined && text !== "" && !text.includes("\0");
}

function refusal(kind: string, allowed: string, fix: string): InvalidValue {
  return new InvalidValue({ what: `${kind} of a secret`, got: HIDDEN, allowed, fix });
}
