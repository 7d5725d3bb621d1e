import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { InvalidValue } from "../values/invalid-value.ts";

/** https://letsencrypt.org/docs/acme-protocol-updates */
const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

export interface AcmeOptions {
  /** Whom the authority tells of problems with a certificate. */
  readonly email: string;
  /** Address of the authority's directory. @default that of Let's Encrypt */
  readonly directory?: string;
  /** PEM file of this machine with the issuers that the directory's own certificate may have. @default those of Debian */
  readonly authority?: string;
}

/** An authority that signs certificates on request, and whom it knows us as. */
export interface Acme {
  readonly email: string;
  readonly directory: string;
  /** Anybody's authority: it signs for public names only, and looks at the site from outside. */
  readonly isPublic: boolean;
  /** Path of a PEM file. */
  readonly authority: string | undefined;
}

/** @throws InvalidValue for an address or a directory that cannot be one */
export function acme({ email, directory, authority }: AcmeOptions): Acme {
  // Narrower than RFC 5322: it becomes a word of a configuration, and authorities refuse quoted ones as well.
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$/.test(email)) {
    throw new InvalidValue({
      what: "email",
      got: email,
      allowed: "an address that the authority can write to",
      fix: 'Write an address such as "webmaster@example.org"',
    });
  }
  if (directory !== undefined && !isDirectory(directory)) {
    throw new InvalidValue({
      what: "ACME directory",
      got: directory,
      allowed:
        "an address that begins with https://, of letters, digits, dots, hyphens and slashes, with a port up to 65353",
      fix: `Write an address such as "${LETS_ENCRYPT}", or leave it out for that one`,
    });
  }
  return Object.freeze({
    email,
    directory: directory ?? LETS_ENCRYPT,
    isPublic: directory === undefined || directory === LETS_ENCRYPT,
    authority,
  });
}

/** The largest port is that of mod_md (md_util.c, uri_check). */
function isDirectory(text: string): boolean {
  const [found, port = "443"] =
    /^https:\/\/[A-Za-z0-9.-]+(?::(\d{1,5}))?(?:\/[A-Za-z0-9._~/-]*)?$/.exec(text) ?? [];
  return found !== undefined && Number(port) >= 1 && Number(port) <= 65_353;
}

/**
 * The certificates in a file of issuers.
 * @throws InvalidValue when it cannot be read or has none
 */
export function readAuthority(path: string): string {
  try {
    const pem = readFileSync(path, "utf8");
    new X509Certificate(pem);
    return pem;
  } catch {
    throw new InvalidValue({
      what: "authority of the ACME directory",
      got: path,
      allowed: "a file with certificates in PEM that you may read",
      fix: "Name the file with the certificate that signed that of the directory",
    });
  }
}
