/** The only folder of an instance that may be written to, in memory. */
export const ROOT = "/tmp/slipway";

/** What the names of a stack's secrets in Secret Manager begin with. */
export function secretPrefix(stack: string, app: string): string {
  return `slipway-${stack}-${app}`;
}
