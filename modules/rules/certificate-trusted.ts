import type { Rule } from "./rule.ts";

export const certificateTrusted: Rule = {
  id: "certificate-trusted",
  statement: "In production visitors meet a certificate that their browsers trust.",
  source: "recipe 2: TLS that users learn to click away protects nobody",
  check: ({ purpose, edges }) =>
    purpose === "development"
      ? []
      : edges
          .filter(({ certificate }) => certificate === "self-signed")
          .map(({ path, hostname }) => ({
            path,
            got: `a self-signed certificate for ${hostname}`,
            allowed: "a certificate of an authority, by ACME or from files",
            fix: "Write tls: Tls.acme({ email }) or tls: Tls.files({ chain, key }).",
          })),
};
