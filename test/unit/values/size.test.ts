import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Size } from "../../../modules/values/size.ts";
import { refused } from "./refused.ts";

describe("parsing", () => {
  test.each([
    ["0 B", 0],
    ["1 B", 1],
    ["1 KiB", 1024],
    ["512 MiB", 536_870_912],
    ["2 GiB", 2_147_483_648],
    ["1 TiB", 1_099_511_627_776],
    ["8191 TiB", 8191 * 2 ** 40],
  ])("%s is %d bytes", (text, bytes) => {
    expect(Size.parse(text).bytes).toBe(bytes);
  });

  test.each([
    ["1.5 GiB", 'Write "1536 MiB"'],
    ["1.3 GiB", 'Write "1332 MiB"'],
    [".5 KiB", 'Write "512 B"'],
    ["0.5 B", 'Write "1 B"'],
    ["512 MB", 'Write "512 MiB"'],
    ["2 GB", 'Write "2 GiB"'],
    ["2 Gib", 'Write "2 GiB"'],
    ["512MiB", 'Write "512 MiB"'],
    ["512m", 'Write "512 MiB"'],
    [" 512  MiB\n", 'Write "512 MiB"'],
    ["0512 MiB", 'Write "512 MiB"'],
    ["8192 TiB", 'Write at most "8191 TiB"'],
    ["9007199254740993 B", 'Write at most "8191 TiB"'],
    [`${"9".repeat(400)} GB`, 'Write at most "8191 TiB"'],
  ])("%j is refused: %s", (text, fix) => {
    expect(refused(() => Size.parse(text)).fix).toBe(fix);
  });

  test.each([
    "",
    "MiB",
    "512",
    "-1 MiB",
    "1e3 MiB",
    "0x10 MiB",
    "1.5 potatoes",
    "1 constructor",
    "1 MiB\n2 MiB",
  ])("%j is refused with an example", (text) => {
    expect(refused(() => Size.parse(text)).fix).toBe('Write for example "512 MiB"');
  });
});

test("the message is complete", () => {
  expect(refused(() => Size.parse("1.5 potatoes")).message).toBe(
    'Invalid size "1.5 potatoes": allowed is a whole number and a unit (B, KiB, MiB, GiB, TiB), ' +
      'such as "512 MiB" or "2 GiB". Write for example "512 MiB".',
  );
});

test("of takes a size or its text", () => {
  const size = Size.gibibytes(2);
  expect(Size.of(size)).toBe(size);
  expect(Size.of("2 GiB")).toEqual(size);
});

test("the factories take whole numbers only", () => {
  expect(Size.mebibytes(512).bytes).toBe(512 * 2 ** 20);
  for (const count of [1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e21])
    refused(() => Size.mebibytes(count));
});

test("mebibytes never cuts a remainder off", () => {
  expect(Size.of("2 GiB").mebibytes).toBe(2048);
  expect(refused(() => Size.of("1025 KiB").mebibytes).fix).toBe('Write "2 MiB"');
});

test("arithmetic is exact or refused", () => {
  expect(String(Size.of("1 GiB").plus(Size.of("512 MiB")))).toBe("1536 MiB");
  expect(String(Size.of("2 GiB").times(0.25))).toBe("512 MiB");
  refused(() => Size.of("1 B").times(0.5));
  refused(() => Size.of("8191 TiB").plus(Size.of("1 B")));
});

test("nothing is written in bytes, everything else in the largest exact unit", () => {
  expect((["0 TiB", "1024 MiB", "1536 MiB"] as const).map((text) => String(Size.of(text)))).toEqual([
    "0 B",
    "1 GiB",
    "1536 MiB",
  ]);
});

test("compare orders by bytes", () => {
  const sorted = (["1 GiB", "1 B", "1 MiB"] as const)
    .map((text) => Size.of(text))
    .sort((a, b) => a.compare(b));
  expect(sorted.map(String)).toEqual(["1 B", "1 MiB", "1 GiB"]);
});

test("a size is frozen", () => {
  expect(() => Object.assign(Size.of("1 B"), { bytes: 2 })).toThrow(TypeError);
});

test("parse reads back what toString writes", () => {
  const anyBytes = fc.oneof(
    fc.nat(),
    fc.integer({ min: 0, max: 8191 * 2 ** 40 }),
    fc.nat(8191).map((n) => n * 2 ** 30),
  );
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(Size.parse(Size.bytes(bytes).toString()).bytes).toBe(bytes);
    }),
  );
});
