import fc from "fast-check";
import type { Target } from "../../modules/environment/target.ts";
import type { DurationText } from "../../modules/values/duration.ts";
import { Hostname } from "../../modules/values/hostname.ts";
import { Port } from "../../modules/values/port.ts";
import type { SizeText } from "../../modules/values/size.ts";

/** What a stack may say of an edge and its applications, whatever the server is. */
export interface AnyEdge {
  readonly target: Target;
  readonly bodyLimit: SizeText;
  readonly timeout: DurationText;
  readonly files: boolean;
  /** The first one is at the root of the site. */
  readonly apps: readonly AnyApp[];
}

export interface AnyApp {
  readonly name: string;
  readonly at: `/${string}`;
  readonly nodes: number;
  readonly sticky: boolean;
}

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/);
const hostname = fc
  .array(label, { minLength: 1, maxLength: 4 })
  .map((labels) => Hostname.of(labels.join(".")));
const port = fc.integer({ min: 1, max: 65_535 }).map((number) => Port.of(number));
const segment = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
const path = fc
  .array(segment, { minLength: 1, maxLength: 3 })
  .map((segments) => `/${segments.join("/")}` as const);

/** Valid edges of every kind. */
export const anyEdge: fc.Arbitrary<AnyEdge> = fc.record({
  target: fc.record({
    hostname,
    aliases: fc.array(hostname, { maxLength: 4 }),
    address: fc.oneof(fc.ipV4(), fc.ipV6()),
    ports: fc.record({ http: port, https: port }),
  }),
  bodyLimit: fc.integer({ min: 1, max: 4096 }).map((count) => `${count} MiB` as const),
  timeout: fc.integer({ min: 1, max: 3600 }).map((count) => `${count} seconds` as const),
  files: fc.boolean(),
  apps: fc
    .tuple(
      fc.uniqueArray(label, { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(path, { minLength: 4, maxLength: 4 }),
      fc.array(fc.record({ nodes: fc.integer({ min: 1, max: 20 }), sticky: fc.boolean() }), {
        minLength: 4,
        maxLength: 4,
      }),
    )
    .map(([names, paths, rest]) =>
      names.map((name, at) => ({
        name,
        at: at === 0 ? ("/" as const) : (paths[at] ?? "/"),
        ...(rest[at] ?? { nodes: 1, sticky: false }),
      })),
    ),
});
