import type { Secret } from "./secret.ts";

/** Where the value of a secret comes from when it is needed. */
export type SecretSource =
  /** Made on first use and kept: so many letters and digits. */
  | { readonly kind: "generated"; readonly length: number }
  /** A private key for TLS, made on first use and kept. */
  | { readonly kind: "private-key" }
  /** The certificate of a private key, signed by that key itself; made on first use and kept until it has to be renewed. */
  | { readonly kind: "certificate"; readonly key: Secret; readonly hostnames: readonly string[] }
  /** The content of a file. */
  | { readonly kind: "file"; readonly path: string }
  /** The value of an environment variable of whoever deploys. */
  | { readonly kind: "environment"; readonly variable: string }
  /** What a program prints; run without a shell. */
  | { readonly kind: "command"; readonly argv: readonly [program: string, ...args: string[]] }
  /** The value of another secret, if it can stand in an address as it is. */
  | { readonly kind: "address-part"; readonly of: Secret }
  /** Text with the values of other secrets in it. */
  | { readonly kind: "composed"; readonly parts: readonly (string | Secret)[] };

/** Says where a value comes from. Arguments of a command and texts of a composition may be telling: left out. */
export function originOf(source: SecretSource): string {
  switch (source.kind) {
    case "generated":
      return `generated, ${source.length} characters`;
    case "private-key":
      return "generated, a private key";
    case "certificate":
      return `generated, the certificate of ${source.key.name} for ${source.hostnames.join(", ")}`;
    case "file":
      return `file ${source.path}`;
    case "environment":
      return `environment variable ${source.variable}`;
    case "command":
      return `command ${source.argv[0]}`;
    case "address-part":
      return originOf(source.of.source);
    case "composed":
      return `composed of ${source.parts.flatMap((part) => (typeof part === "string" ? [] : [part.name])).join(", ")}`;
  }
}
