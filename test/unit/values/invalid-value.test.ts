import { expect, test } from "vitest";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";

const refusal = {
  what: "size",
  got: "1.5 GiB",
  allowed: "a whole number and a unit",
  fix: 'Write "1536 MiB"',
};

test("the message says what, the value, what is allowed and the fix", () => {
  const error = new InvalidValue(refusal);
  expect(error.message).toBe(
    'Invalid size "1.5 GiB": allowed is a whole number and a unit. Write "1536 MiB".',
  );
  expect(error).toMatchObject({ ...refusal, name: "InvalidValue" });
});

test("the value cannot break out of its line", () => {
  const error = new InvalidValue({ ...refusal, got: 'a"\n\u001b[31mOK' });
  expect(error.message).toContain('"a\\"\\n\\u001b[31mOK"');
});

test("a long value is cut in the message and kept in the error", () => {
  const got = "x".repeat(5000);
  const error = new InvalidValue({ ...refusal, got });
  expect(error.message.length).toBeLessThan(250);
  expect(error.got).toBe(got);
});
