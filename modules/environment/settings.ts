import type { IConstruct } from "constructs";
import * as z from "zod";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";

/** Settings of the whole project, from the `context` of cdktf.json. */
const Settings = z.strictObject({
  /** Prefix of every container, network, volume and image. */
  project: z.string().default("slipway"),
  /** Folder for secrets and state, relative to the project; git ignores it. */
  directory: z.string().min(1).default(".slipway"),
});

export type Settings = z.infer<typeof Settings>;

/**
 * Reads the context that a construct sees.
 * @throws InvalidValue naming the key, what it holds and what it may hold.
 */
export function settingsOf(scope: IConstruct): Settings {
  const settings = contextOf(scope, Settings, {
    project: scope.node.tryGetContext("project"),
    directory: scope.node.tryGetContext("directory"),
  });
  Name.of(settings.project);
  return settings;
}

/**
 * Checks a value of the context against its schema.
 * @throws InvalidValue for the first thing that does not fit.
 */
export function contextOf<T>(_scope: IConstruct, schema: z.ZodType<T>, value: unknown, at: readonly string[] = []): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [...at, ...(issue?.path ?? [])].join(".");
  throw new InvalidValue({
    what: `context ${path || "of cdktf.json"}`,
    got: JSON.stringify((issue?.path ?? []).reduce<unknown>((inner, key) => (inner as never)?.[key as never], value)) ?? "nothing",
    allowed: issue?.message ?? "another value",
    fix: "Correct it in the context of cdktf.json, or in CDKTF_CONTEXT_JSON",
  });
}
