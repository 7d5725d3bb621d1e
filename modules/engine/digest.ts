import { createHash } from "node:crypto";

/** SHA-256 of a text or of the content of a file, in hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A short mark that changes with a value. */
export function digest(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 12);
}
