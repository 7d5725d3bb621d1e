import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { Hostname } from "../values/hostname.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Secret } from "../values/secret.ts";
import { CERTIFICATE_KEYS } from "./profile.ts";

/** Where the edge finds them in its container. */
export const CERTIFICATE_PATHS = { chain: "/run/secrets/tls-chain", key: "/run/secrets/tls-key" } as const;

/** A chain of certificates and the key of its first one, as PEM files of the machine that deploys. */
export class CertificateFiles {
  readonly chain: Secret;
  readonly key: Secret;
  readonly #paths: { readonly chain: string; readonly key: string };

  constructor(paths: { readonly chain: string; readonly key: string }) {
    this.#paths = paths;
    this.chain = Secret.fromFile("tls-chain", paths.chain);
    this.key = Secret.fromFile("tls-key", paths.key);
    Object.freeze(this);
  }

  /**
   * Reads the files as a browser would judge them for these names.
   * @returns whether the issuer names a responder that tells if a certificate was revoked (OCSP)
   * @throws InvalidValue for the first thing that a browser or the server would refuse
   */
  check(
    hostnames: readonly (Hostname | string)[],
    now: Date = new Date(),
  ): { readonly hasResponder: boolean } {
    const [site, ...issuers] = this.#readChain();
    const key = this.#readKey();
    if (!site.checkPrivateKey(key)) {
      throw this.#refusal(
        `${nameOf(site)}, with another key`,
        `the certificate of the key ${this.#paths.key}, before its issuers`,
        "Name the file that begins with the site's own certificate (certbot calls it fullchain.pem) and the key it was made for",
      );
    }
    if (!isOfTheProfile(key)) {
      throw this.#refusal(
        "a key of another kind",
        CERTIFICATE_KEYS,
        "Have a certificate made for such a key",
      );
    }
    for (const [at, certificate] of [site, ...issuers].entries()) {
      const issuer = issuers[at];
      if (issuer !== undefined && !certificate.checkIssued(issuer)) {
        throw this.#refusal(
          `${nameOf(certificate)} followed by ${nameOf(issuer)}, which did not sign it`,
          "a chain in which each certificate was signed by the next one",
          "Put the certificates in that order",
        );
      }
      this.#requireInForce(certificate, now);
    }
    for (const hostname of hostnames.map((name) => Hostname.of(name))) {
      const { text } = hostname;
      if ((hostname.isAddress ? site.checkIP(text) : site.checkHost(text)) === undefined) {
        throw this.#refusal(
          `not ${text}, but ${site.subjectAltName ?? "no name at all"}`,
          "a certificate for every name of the site",
          `Have ${text} added to the certificate, or leave it out of the target's names`,
        );
      }
    }
    return { hasResponder: /^OCSP - URI:/m.test(site.infoAccess ?? "") };
  }

  #requireInForce(certificate: X509Certificate, now: Date): void {
    const { validFrom, validTo } = certificate;
    if (Date.parse(validFrom) <= now.getTime() && now.getTime() < Date.parse(validTo)) return;
    throw this.#refusal(
      `certificate of ${nameOf(certificate)}, in force from ${validFrom} to ${validTo}`,
      "certificates that are in force",
      "Renew the certificate; Tls.acme does so by itself",
    );
  }

  #readChain(): readonly [X509Certificate, ...X509Certificate[]] {
    const blocks = read(this.#paths.chain).match(
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
    );
    try {
      const [first, ...others] = (blocks ?? []).map((block) => new X509Certificate(block));
      if (first !== undefined) return [first, ...others];
    } catch {
      // As useless as none.
    }
    throw this.#refusal(
      "no certificate that can be read",
      "certificates in PEM, the site's own one first",
      "Name the file that begins with -----BEGIN CERTIFICATE-----",
    );
  }

  #readKey(): KeyObject {
    try {
      return createPrivateKey(read(this.#paths.key));
    } catch (error) {
      if (error instanceof InvalidValue) throw error;
      throw new InvalidValue({
        what: "key of a certificate",
        got: this.#paths.key,
        allowed: "a private key in PEM, without a passphrase",
        fix: "Name the file with the key; openssl pkey -in <key> -out <file> takes a passphrase away",
      });
    }
  }

  #refusal(found: string, allowed: string, fix: string): InvalidValue {
    return new InvalidValue({ what: `certificate in ${this.#paths.chain}:`, got: found, allowed, fix });
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new InvalidValue({
      what: "file of a certificate",
      got: path,
      allowed: "a file that you may read",
      fix: "Create it, or name another",
    });
  }
}

function isOfTheProfile({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === "rsa"
    ? (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
    : ["prime256v1", "secp384r1"].includes(asymmetricKeyDetails?.namedCurve ?? "");
}

function nameOf({ subject }: X509Certificate): string {
  return /CN=(.*)/.exec(subject)?.[1] ?? subject;
}
