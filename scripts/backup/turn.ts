import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { takeRunLock } from "../setup/run-lock.ts";
import type { Stack } from "../stack/stack.ts";

/**
 * Waits until no other drill or restore of a stack is at work, and keeps others out until the returned function is called.
 * @throws Problem when the other one does not end
 */
export function takeTurn({ project, name }: Stack): Promise<() => Promise<void>> {
  const path = join(tmpdir(), `slipway-${project}-${name}-backup-${userInfo().username}.lock`);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  return takeRunLock(say, new AbortController().signal, { path, what: "drill or restore" });
}
