import { appendFileSync, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { AUDIT_FILE, type AuditLine } from "../../modules/release/release.ts";

/** `user@host` who runs this. */
export function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** Adds a line to the audit log of a stack; a line is written at once, so two runs never mix theirs. */
export function audit(releasesFolder: string, line: AuditLine): void {
  mkdirSync(releasesFolder, { recursive: true, mode: 0o700 });
  appendFileSync(join(releasesFolder, AUDIT_FILE), `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

/** All lines, oldest first; one that a full disk cut short is left out. */
export async function auditLines(releasesFolder: string): Promise<readonly AuditLine[]> {
  const text = await readFile(join(releasesFolder, AUDIT_FILE), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}
