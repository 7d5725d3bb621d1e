import { SELF_SIGNED } from "./certificate-note.ts";
import type { Container } from "./containers.ts";
import type { Stack } from "./stack.ts";

/** An address of the site, and what to know about it. */
export interface Address {
  readonly url: string;
  readonly note: string;
}

/**
 * The addresses that visitors may type, TLS first.
 * @param certificate what to know about the certificate. @default what is known without a look at it
 */
export function addressesOf(
  { target }: Stack,
  containers: readonly Container[],
  certificate?: string,
): readonly Address[] {
  const edge = containers.find(({ role }) => role === "edge");
  if (edge === undefined) return [];
  const { http, https } = target.ports;
  const url = (scheme: string, host: string, port: number, usual: number) =>
    `${scheme}://${host}${port === usual ? "" : `:${port}`}/`;
  const trust = certificate ?? (edge.certificate === "self-signed" ? SELF_SIGNED : "");
  return [
    ...[target.hostname, ...target.aliases].map((name) => ({
      url: url("https", `${name}`, https.number, 443),
      note: trust,
    })),
    { url: url("http", `${target.hostname}`, http.number, 80), note: "leads to https" },
  ];
}

/** The addresses as lines. */
export function addressLines(addresses: readonly Address[]): string {
  const width = Math.max(0, ...addresses.map(({ url }) => url.length));
  return addresses.map(({ url, note }) => `  ${url.padEnd(width)}  ${note}`.trimEnd()).join("\n");
}
