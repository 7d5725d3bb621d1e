import { readFileSync } from "node:fs";

/**
 * The context of cdktf.json in the current folder, for a synth without the CLI. What CDKTF_CONTEXT_JSON says goes
 * first, key by key, as it does with the CLI.
 */
export function projectContext(): Record<string, unknown> {
  return JSON.parse(readFileSync("cdktf.json", "utf8")).context ?? {};
}
