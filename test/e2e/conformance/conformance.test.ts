import { expect, test } from "vitest";
import { run } from "../run.ts";
import { MATRIX } from "./matrix.ts";

test("every check passes on every combination", { timeout: 60_000 + MATRIX.length * 90_000 }, async () => {
  const { code, output } = await run("node", ["--import", "tsx", "scripts/conformance.ts"], {
    limit: 60 + MATRIX.length * 90,
  });
  expect(code, output).toBe(0);
  for (const { name } of MATRIX) expect(output).toMatch(new RegExp(`^pass\\s+${name}\\s`, "m"));
  expect(output).toMatch(
    new RegExp(`${MATRIX.length} combinations, \\d+ checks: \\d+ passed, 0 failed$`, "m"),
  );
});

test("a combination that the matrix has not is refused with the names of those that it has", async () => {
  const { code, output } = await run("node", ["--import", "tsx", "scripts/conformance.ts", "no-such"]);
  expect(code).toBe(1);
  expect(output).toContain(MATRIX[0]?.name);
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
});
