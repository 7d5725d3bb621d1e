import { existsSync, readdirSync } from "node:fs";

const LOCAL = "/usr/local/share/ca-certificates";
const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/**
 * The bundle of certificates to trust while an image is built, when this host trusts more than its distribution does:
 * behind an inspecting proxy `pip` in a build fails without it. Undefined everywhere else.
 *
 * The distribution keeps what an administrator added below /usr/local/share/ca-certificates: update-ca-certificates(8).
 */
export function hostCertificates(): string | undefined {
  const added = existsSync(LOCAL) && readdirSync(LOCAL).some((name) => name.endsWith(".crt"));
  return added && existsSync(BUNDLE) ? BUNDLE : undefined;
}
