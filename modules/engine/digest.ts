import { createHash } from "node:crypto";

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A short mark that changes with a value. */
export function digest(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 12);
}
