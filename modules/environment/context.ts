import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { InvalidValue } from "../values/invalid-value.ts";
import { exportedContext } from "./exported-context.ts";

/** The context of cdktf.json in the current folder; what the user exported as CDKTF_CONTEXT_JSON goes first, key by key. */
export function projectContext(env: NodeJS.ProcessEnv = process.env): Record<string, unknown> {
  const written: Record<string, unknown> = JSON.parse(readFileSync("cdktf.json", "utf8")).context ?? {};
  return { ...written, ...overrides(written, env) };
}

function overrides(written: Record<string, unknown>, env: NodeJS.ProcessEnv): Record<string, unknown> {
  const { CDKTF_CONTEXT_JSON: text = "" } = env;
  if (text === "") return {};
  const { cdktfRelativeModules: ofTheCli, ...context } = parse(text);
  // The CLI adds this key. It has also replaced what the user exported with the context of cdktf.json, all of it
  // (@cdktf/commons, config.ts): a `destroy` meant for another project would meet this one.
  if (ofTheCli === undefined || !isDeepStrictEqual(context, written)) return context;
  const exported = exportedContext(text);
  return exported === undefined ? {} : parse(exported);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below.
  }
  throw new InvalidValue({
    what: "variable CDKTF_CONTEXT_JSON",
    got: text,
    allowed: "a JSON object",
    fix: `Write it like '{"dev":{"ports":{"http":8081,"https":8444}}}', or unset it`,
  });
}
