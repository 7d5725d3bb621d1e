import { resolve } from "node:path";
import type { IConstruct } from "constructs";
import type * as zod from "zod";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { z } from "./zod.ts";

const FOLDER = "the path of a folder";

/** Settings of the whole project, from the `context` of cdktf.json. */
const Settings = z.strictObject({
  /** Prefix of every container, network, volume and image. */
  project: z.string("a name").default("slipway"),
  /** Folder for secrets and state, relative to the project; git ignores it. */
  directory: z.string(FOLDER).min(1, FOLDER).default(".slipway"),
});

export type Settings = zod.infer<typeof Settings>;

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
 * Checks a value of the context against its schema, whose messages say what is allowed.
 * @throws InvalidValue for the first thing that does not fit.
 */
export function contextOf<T>(
  _scope: IConstruct,
  schema: zod.ZodType<T>,
  value: unknown,
  at: readonly string[] = [],
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const outer = issue?.path ?? [];
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const inner = [...outer, ...unknown];
  const found = inner.reduce<unknown>((whole, key) => (whole as never)?.[key as never], value);
  throw new InvalidValue({
    what: `context ${[...at, ...inner].join(".") || "of cdktf.json"}`,
    got: typeof found === "string" ? found : (JSON.stringify(found) ?? "nothing"),
    allowed:
      unknown.length > 0 ? `one of ${keysOf(schema, outer).join(", ")}` : (issue?.message ?? "another value"),
    fix: "Correct it in the context of cdktf.json, or in CDKTF_CONTEXT_JSON",
  });
}

/** The keys that an object inside of what a schema describes may have. */
function keysOf(schema: zod.ZodType, path: readonly PropertyKey[]): string[] {
  const inner = path.reduce<unknown>(
    (whole, key) => {
      const { properties, items } = whole as { properties?: object; items?: unknown };
      return typeof key === "number" ? items : properties?.[key as never];
    },
    z.toJSONSchema(schema, { io: "input" }),
  );
  return Object.keys((inner as { properties?: object }).properties ?? {});
}

/** Absolute path of the folder for the project's secrets and state: another project name never meets them. */
export function projectFolder({ project, directory }: Settings): string {
  return resolve(directory, project);
}
