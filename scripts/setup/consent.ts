import { createInterface } from "node:readline/promises";
import { Problem } from "./problem.ts";
import type { Requirement } from "./requirement.ts";

/** Asks a question that is answered with yes or no. */
export type Ask = (question: string) => Promise<boolean>;

/**
 * Asks once for all that installing would change on the machine.
 *
 * @throws Problem when the answer is no; it tells what to do by hand
 */
export async function seekConsent(requirements: readonly Requirement[], ask: Ask): Promise<void> {
  const findings = await Promise.all(requirements.map((requirement) => requirement.check()));
  const changes = findings.flatMap((finding) => (finding.ok ? [] : (finding.changes ?? [])));
  if (changes.length === 0) return;
  const list = changes.map((change) => `  - ${change}`).join("\n");
  if (await ask(`Slipway will change this machine:\n${list}\nGo on? [Y/n] `)) return;
  throw new Problem({
    what: "Nothing was changed.",
    value: `no to:\n${list}`,
    fix: "do it by hand (npm run doctor tells what is missing), then run this again",
  });
}

/** Asks on the terminal; an empty answer is a yes, the end of the input is a no. */
export async function askOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("no")));
  try {
    const answer = await Promise.race([terminal.question(question), closed]);
    return /^(y|yes|)$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
