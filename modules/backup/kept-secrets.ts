import type { Secret } from "../values/secret.ts";

/**
 * The secrets that exist nowhere but in the store of the stack, each once: those that were made there. Others are read
 * from where their owner keeps them, and composed ones are made of these.
 */
export function keptSecrets(secrets: readonly Secret[]): readonly Secret[] {
  const kept = new Map<string, Secret>();
  const visit = (secret: Secret): void => {
    const { source } = secret;
    switch (source.kind) {
      case "composed":
        for (const part of source.parts) if (typeof part !== "string") visit(part);
        return;
      case "certificate":
        visit(source.key);
        kept.set(secret.name, secret);
        return;
      case "private-key":
      case "generated":
        kept.set(secret.name, secret);
        return;
      default:
        return;
    }
  };
  secrets.forEach(visit);
  return [...kept.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
