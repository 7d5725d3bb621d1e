import { expect, test } from "vitest";
import { Problem } from "../../../scripts/setup/problem.ts";
import { machineAddress } from "../../../scripts/verify/machine-address.ts";

test.each([
  ["192.0.2.9", "192.0.2.9"],
  ["127.0.0.1", "127.0.0.1"],
  ["2001:db8::9", "2001:db8::9"],
])("the machine %s is at %s", async (machine, address) => {
  expect(await machineAddress(machine)).toBe(address);
});

test.each([
  ["", "a variable of the shell may not be set"],
  ["0.0.0.0", "0.0.0.0"],
  ["::", "::"],
  ["no such name", "no such name"],
])("%j is no machine, and never this one", async (machine, seen) => {
  const failure = await machineAddress(machine).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Problem);
  expect((failure as Problem).value).toContain(seen);
});
