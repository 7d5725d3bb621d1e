import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr } from "../../../modules/values/cidr.ts";
import { Duration } from "../../../modules/values/duration.ts";
import { Hostname } from "../../../modules/values/hostname.ts";
import { Image } from "../../../modules/values/image.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { Name } from "../../../modules/values/name.ts";
import { Port } from "../../../modules/values/port.ts";
import { Size } from "../../../modules/values/size.ts";

interface Parser {
  readonly what: string;
  readonly parse: (text: string) => object;
  /** Texts that are accepted. */
  readonly good: RegExp;
  /** Texts that are nearly accepted, most of them. */
  readonly near: RegExp;
}

const PARSERS: readonly Parser[] = [
  {
    what: "Size",
    parse: Size.parse,
    good: /^[1-9][0-9]{0,2} (B|KiB|MiB|GiB|TiB)$/,
    near: /^\s?[0-9]{0,5}(\.[0-9]{1,9})? ?(B|[kKMGTx]i?[bB]?)\s?$/,
  },
  {
    what: "Duration",
    parse: Duration.parse,
    good: /^[1-9][0-9]{0,3} (millisecond|second|minute|hour|day)s?$/,
    near: /^\s?[0-9]{0,7}(\.[0-9]{1,9})? ?(ms|s|m|h|d|w|second|Minute|hour|week)s?$/,
  },
  { what: "Port", parse: Port.parse, good: /^[1-9][0-9]{0,3}$/, near: /^[ :]?[0-9]{0,6}(\/tcp)?$/ },
  {
    what: "Hostname",
    parse: Hostname.of,
    good: /^[a-zA-Z0-9]{1,9}(\.[a-z0-9]{1,9}){0,3}\.[a-z]{2,5}$/,
    near: /^(https?:\/\/|\*\.)?[a-zA-Z0-9_é.-]{0,12}(:[0-9]{0,3})?\/?\.?$/,
  },
  {
    what: "Cidr",
    parse: Cidr.of,
    good: /^(10\.[0-9]{1,2}\.0\.0\/(16|2[0-9])|fd[0-9a-f]{2}:[0-9a-f]{1,4}::\/(32|64))$/,
    near: /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fF:]{2,9})(\/[0-9]{0,3})?$/,
  },
  { what: "Name", parse: Name.of, good: /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/, near: /^[a-zA-Z0-9_ é-]{0,45}$/ },
  {
    what: "Image",
    parse: Image.of,
    good: /^([a-z]{1,9}(:[0-9]{1,4})?\/)?[a-z]{1,9}([._-][a-z0-9]{1,9})?(:v[a-zA-Z0-9._-]{0,9}|@sha256:[0-9a-f]{64})$/,
    near: /^ ?([a-zA-Z.-]{1,9}(:[0-9]{1,4})?\/)?[a-zA-Z._-]{0,9}(:[a-zA-Z0-9._-]{0,9}|:latest)?$/,
  },
];

describe.each(PARSERS)("$what, for any text", ({ parse, good, near }) => {
  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.stringMatching(good),
    fc.stringMatching(near),
  );

  test("is a frozen value that reads back as itself, or an InvalidValue", () => {
    const met = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(anyText, (text) => {
        const value = outcome(() => parse(text));
        if (value instanceof InvalidValue) {
          met.refused++;
          expect(value.got).toBe(text);
          expect(value.message).not.toMatch(/[\n\r\0]/);
        } else {
          met.accepted++;
          expect(Object.isFrozen(value)).toBe(true);
          expect(parse(String(value))).toEqual(value);
        }
      }),
      { numRuns: 500 },
    );
    // A property that meets only one side of the rule would prove nothing.
    expect(Math.min(met.accepted, met.refused)).toBeGreaterThan(0);
  });

  test("proposes only what it accepts itself", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = outcome(() => parse(text));
        if (!(value instanceof InvalidValue)) return;
        const [, proposed] = /[wW]rite "([^"]*)"/.exec(value.fix) ?? [];
        if (proposed !== undefined) expect(outcome(() => parse(proposed))).not.toBeInstanceOf(Error);
      }),
      { numRuns: 500 },
    );
  });
});

function outcome(parse: () => object): object {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidValue) return error;
    throw error;
  }
}
