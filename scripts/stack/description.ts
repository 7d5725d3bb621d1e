import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DESCRIPTION_FILE, type WrittenDescription } from "../../modules/environment/description-file.ts";
import type { Stack } from "./stack.ts";

/** What a stack declared when it was written last, as far as the version that wrote it had it; undefined before that. */
export function descriptionOf({ folder }: Stack): Partial<WrittenDescription> | undefined {
  const file = join(folder, DESCRIPTION_FILE);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
