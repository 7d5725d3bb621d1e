import { execFileSync } from "node:child_process";
import { createHmac, randomBytes, randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidValue } from "../values/invalid-value.ts";
import type { Secret } from "../values/secret.ts";
import { certifies, newPrivateKey, selfSigned } from "./server-certificate.ts";

/** Letters and digits only: web2py and libpq take such a password in a URI as it is. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A secret as a file of this machine, and a mark that changes with its value but tells nothing of it. */
export interface StoredSecret {
  /** Absolute path, mode 0600. */
  readonly file: string;
  /** Keyed digest (HMAC-SHA-256, first 16 digits) with a key that never leaves the store. */
  readonly fingerprint: string;
}

/**
 * The secrets of one stack, as files that git ignores and only their owner can read.
 *
 * Generated secrets are made on first use and kept. The others are read anew at each synth, so that a rotated password
 * reaches the stack with the next deploy.
 */
export class SecretStore {
  readonly #folder: string;

  /** @param folder made on first use, mode 0700. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The file that holds a secret.
   * @throws InvalidValue when a source gives nothing: missing file, unset variable, failing command.
   */
  get(secret: Secret): StoredSecret {
    const value = this.value(secret);
    const file = this.#write(secret.name, value);
    return { file, fingerprint: this.#fingerprint(value) };
  }

  /** The mark of what a file of the store holds now; undefined when there is no such file. */
  fingerprintIn(file: string): string | undefined {
    return existsSync(file) ? this.#fingerprint(readFileSync(file, "utf8")) : undefined;
  }

  /** The value itself; for files that other files are made of, never for a text that is shown. */
  value(secret: Secret): string {
    const { source } = secret;
    switch (source.kind) {
      case "generated":
        return this.#remember(secret.name, () => generate(source.length));
      case "private-key":
        return this.#remember(secret.name, newPrivateKey);
      case "certificate": {
        const key = this.value(source.key);
        return this.#remember(
          secret.name,
          () => selfSigned(key, source.hostnames),
          (kept) => certifies(kept, key, source.hostnames),
        );
      }
      case "address-part":
        return unreserved(secret, this.value(source.of));
      case "composed":
        return source.parts.map((part) => (typeof part === "string" ? part : this.value(part))).join("");
      case "file":
        return nonEmpty(secret, `file ${source.path}`, read(secret, source.path));
      case "environment":
        return nonEmpty(secret, `variable ${source.variable}`, process.env[source.variable] ?? "");
      case "command":
        return nonEmpty(secret, `command ${source.argv[0]}`, run(secret, source.argv));
    }
  }

  #remember(name: string, make: () => string, isGood: (kept: string) => boolean = () => true): string {
    const file = join(this.#folder, name);
    const kept = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    if (kept !== undefined && isGood(kept)) return kept;
    const value = make();
    this.#write(name, value);
    return value;
  }

  #write(name: string, value: string): string {
    const file = join(this.#folder, name);
    if (existsSync(file) && readFileSync(file, "utf8") === value) return file;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, value, { mode: 0o600 });
    renameSync(draft, file);
    return file;
  }

  #fingerprint(value: string): string {
    return createHmac("sha256", this.#key()).update(value).digest("hex").slice(0, 16);
  }

  #key(): string {
    return this.#remember(".fingerprint-key", () => randomBytes(32).toString("hex"));
  }
}

function generate(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

function nonEmpty(secret: Secret, source: string, text: string): string {
  const value = text.replace(/\r?\n$/, "");
  if (value === "") throw missing(secret, source, "It gave nothing; put the value there");
  return value;
}

/** @throws InvalidValue without the value, for one that would have to be escaped. */
function unreserved(secret: Secret, value: string): string {
  if (/^[\w.~-]+$/.test(value)) return value;
  throw new InvalidValue({
    what: `value of the secret ${secret.name.replace(/_in-address$/, "")}`,
    got: "(not shown)",
    allowed: "letters, digits and . _ ~ -, because it stands in an address that pydal does not decode",
    fix: "Set another password, such as 32 letters and digits",
  });
}

function missing(secret: Secret, source: string, fix: string): InvalidValue {
  return new InvalidValue({
    what: `source of the secret ${secret.name}`,
    got: source,
    allowed: "one that has a value",
    fix,
  });
}

function read(secret: Secret, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw missing(secret, `file ${path}`, "Create a file that you may read, or name another");
  }
}

function run(secret: Secret, argv: readonly string[]): string {
  const [program = "", ...args] = argv;
  try {
    return execFileSync(program, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 60_000,
    });
  } catch {
    throw missing(secret, `command ${program}`, "Run the command by hand and see why it fails");
  }
}
