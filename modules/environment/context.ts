import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { InvalidValue } from "../values/invalid-value.ts";
import { exportedContext } from "./exported-context.ts";

/**
 * The context of cdktf.json in the current folder; what the user exported as CDKTF_CONTEXT_JSON goes first, key by key at
 * every depth: other ports for a moment must not take the hosts of a stack away, and deploy it here.
 */
export function projectContext(env: NodeJS.ProcessEnv = process.env): Record<string, unknown> {
  const written = contextOfFile();
  return merged(written, overrides(written, env));
}

/**
 * Refuses a context for a stack that there is not: its settings would be those of nobody.
 * @param stacks names of the stacks of the app
 * @throws InvalidValue naming the stacks that there are
 */
export function checkContext(stacks: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const written = contextOfFile();
  // Another app than that of cdktf.json, such as one of a test, has other stacks.
  const others = stacks.some((stack) => stack in written) ? [] : Object.keys(written);
  for (const [key, value] of Object.entries(merged(written, overrides(written, env)))) {
    if (typeof value !== "object" || stacks.includes(key) || others.includes(key)) continue;
    throw new InvalidValue({
      what: "key in the context",
      got: key,
      allowed: `the name of a stack: ${stacks.join(", ")}`,
      fix: "Correct it in the context of cdktf.json, or in CDKTF_CONTEXT_JSON",
    });
  }
}

function contextOfFile(): Record<string, unknown> {
  const text = readFileSync("cdktf.json", "utf8");
  try {
    return JSON.parse(text).context ?? {};
  } catch (error) {
    throw new InvalidValue({
      what: "file cdktf.json",
      got: error instanceof Error ? error.message : String(error),
      allowed: "JSON",
      fix: "Mend it where the message says, or take it from git again",
    });
  }
}

/** Lists and plain values are taken as a whole. */
function merged(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>) {
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = one[key];
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
    if (isObject(value)) return value;
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
