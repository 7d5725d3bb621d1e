import { InvalidValue } from "../values/invalid-value.ts";
import { Secret } from "../values/secret.ts";

/** Where Debian keeps the public authorities, in the image of every application. */
const SYSTEM = "/etc/ssl/certs/ca-certificates.crt";

/** How sure a client is of a database server. */
export type Trust =
  /** The connection is encrypted, and the server has a certificate for its name. */
  | "verified"
  /** Encrypted, but to whoever answers. */
  | "unverified"
  /** In plain text. */
  | "plain";

/** How applications speak to a database server that is not of the stack. */
export class DatabaseTls {
  readonly trust: Trust;
  /** File of this machine with the authority's certificate; undefined for those that a system knows. */
  readonly #authority: string | undefined;

  private constructor(trust: Trust, authority?: string) {
    this.trust = trust;
    this.#authority = authority;
    Object.freeze(this);
  }

  /** By a certificate of a public authority for the server's name. */
  static verified(): DatabaseTls {
    return new DatabaseTls("verified");
  }

  /**
   * By a certificate of an authority of one's own, or of the server's alone.
   * @param authority path of a file with certificates in PEM.
   * @throws InvalidValue for an empty path.
   */
  static verifiedBy(authority: string): DatabaseTls {
    if (authority !== "") return new DatabaseTls("verified", authority);
    throw new InvalidValue({
      what: "authority of a database server",
      got: authority,
      allowed: "the path of a file with certificates in PEM",
      fix: 'Write a path such as "/etc/ssl/database-ca.pem", or DatabaseTls.verified() for public authorities',
    });
  }

  /** Encrypted, but whoever gets in between may read and change everything: a rule refuses it in production. */
  static unverified(): DatabaseTls {
    return new DatabaseTls("unverified");
  }

  /** In plain text, but for a password that is asked for by SCRAM: a rule refuses it in production. */
  static none(): DatabaseTls {
    return new DatabaseTls("plain");
  }

  /** The certificate that is delivered to applications. */
  certificate(name: string): Secret | undefined {
    return this.#authority === undefined ? undefined : Secret.fromFile(`${name}_ca`, this.#authority);
  }

  /**
   * Parameters of libpq in an address.
   * @param delivered where the certificate lies in the containers
   */
  parameters(delivered: string): string {
    switch (this.trust) {
      case "verified":
        return `sslmode=verify-full&sslrootcert=${this.#authority === undefined ? SYSTEM : delivered}`;
      case "unverified":
        return "sslmode=require";
      case "plain":
        return "sslmode=disable";
    }
  }

  /** The file that libpq reads by itself, for clients that take no such parameter. */
  get rootCertificate(): string | undefined {
    return this.trust === "verified" && this.#authority === undefined ? SYSTEM : undefined;
  }
}
