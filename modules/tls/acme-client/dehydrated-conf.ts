/** What dehydrated, the ACME client of Debian trixie, is told; pure text. */

/** A certificate to ask for. */
export interface AcmeRequest {
  readonly directory: string;
  readonly email: string;
  /** What the certificate is for; the first one names it. */
  readonly names: readonly string[];
  /** File with the issuers of the directory's own certificate. @default those of the distribution */
  readonly authority?: string;
}

/** Where the client writes what proves to the authority that the site is ours. */
export const CHALLENGES = "/var/lib/slipway/challenges";

/** A file for bash to read; what comes from outside was validated where it came in, and has no quotation marks. */
export function dehydratedConf({ directory, email, authority }: AcmeRequest): string {
  const trusted = authority === undefined ? "" : ` --cacert ${authority}`;
  return `# Written by Slipway.
CA='${directory}'
CONTACT_EMAIL='${email}'
BASEDIR=/var/lib/slipway/acme
DOMAINS_TXT=/etc/slipway/domains.txt
WELLKNOWN=${CHALLENGES}
CHALLENGETYPE=http-01
CURL_OPTS='--show-error --connect-timeout 10 --max-time 60${trusted}'
ACCOUNT_KEY_ALGO=prime256v1
KEY_ALGO=prime256v1
PRIVATE_KEY_RENEW=yes
ORDER_TIMEOUT=120
AUTO_CLEANUP=yes
AUTO_CLEANUP_DELETE=yes
`;
}

/** One certificate for all names, in the folder `site`. */
export function domainsTxt({ names }: AcmeRequest): string {
  return `${names.join(" ")} > site\n`;
}
