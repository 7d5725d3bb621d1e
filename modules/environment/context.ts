import { readFileSync } from "node:fs";
import { InvalidValue } from "../values/invalid-value.ts";

/**
 * The context of cdktf.json in the current folder, for a synth without the CLI. What CDKTF_CONTEXT_JSON says goes
 * first, key by key, as it does with the CLI.
 */
export function projectContext(): Record<string, unknown> {
  checkJson(process.env.CDKTF_CONTEXT_JSON ?? "{}");
  return JSON.parse(readFileSync("cdktf.json", "utf8")).context ?? {};
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new InvalidValue({
      what: "variable CDKTF_CONTEXT_JSON",
      got: text,
      allowed: "a JSON object",
      fix: `Write it like '{"dev":{"ports":{"http":8081,"https":8444}}}'`,
    });
  }
}
