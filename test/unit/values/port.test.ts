import fc from "fast-check";
import { expect, test } from "vitest";
import { Port } from "../../../modules/values/port.ts";
import { refused } from "./refused.ts";

test.each([1, 80, 8080, 65535])("%d is a port", (number) => {
  expect(Port.of(number).number).toBe(number);
  expect(Port.parse(String(number))).toEqual(Port.of(number));
});

test("of takes a port as it is", () => {
  const port = Port.of(8080);
  expect(Port.of(port)).toBe(port);
});

test.each([0, -1, 65536, 80.5, Number.NaN, Number.POSITIVE_INFINITY])("%d is no port", (number) => {
  expect(refused(() => Port.of(number)).allowed).toBe("a whole number from 1 to 65535");
});

test.each([
  [":8080", 'Write "8080"'],
  ["08080", 'Write "8080"'],
  [" 8080", 'Write "8080"'],
  ["8080/tcp", 'Write "8080"'],
  ["65536", "Choose a free port, such as 8080"],
  ["http", "Choose a free port, such as 8080"],
  ["", "Choose a free port, such as 8080"],
  ["8e3", "Choose a free port, such as 8080"],
  ["0x50", "Choose a free port, such as 8080"],
])("%j is refused: %s", (text, fix) => {
  expect(refused(() => Port.parse(text)).fix).toBe(fix);
});

test("exactly the whole numbers from 1 to 65535 are ports", () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: -70_000, max: 70_000 }), fc.double()), (number) => {
      const isPort = Number.isInteger(number) && number > 0 && number < 65_536;
      if (isPort) expect(Port.of(number).number).toBe(number);
      else refused(() => Port.of(number));
    }),
  );
});
