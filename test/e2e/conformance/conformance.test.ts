import { expect, test } from "vitest";
import { isFull } from "../extent.ts";
import { run } from "../run.ts";
import { MATRIX } from "./matrix.ts";

/** Of each way to run an application the smallest one, and of each kind of edge one with all services. */
const COMBINATIONS = MATRIX.filter(
  ({ name }) =>
    isFull ||
    name.endsWith("-wsgi") ||
    // That of the dev stack is tried out in linux-export.test.ts, on a host.
    ["mod-wsgi-py4web", "fastcgi-unix-uwsgi-py4web"].includes(name),
);

test("every check passes on every combination", {
  timeout: 60_000 + COMBINATIONS.length * 90_000,
}, async () => {
  const { code, output } = await run(
    "node",
    ["--import", "tsx", "scripts/conformance.ts", ...COMBINATIONS.map(({ name }) => name)],
    {
      limit: 60 + COMBINATIONS.length * 90,
    },
  );
  expect(code, output).toBe(0);
  for (const { name } of COMBINATIONS) expect(output).toMatch(new RegExp(`^pass\\s+${name}\\s`, "m"));
  expect(output).toMatch(
    new RegExp(`${COMBINATIONS.length} combinations, \\d+ checks: \\d+ passed, 0 failed$`, "m"),
  );
});

test("a combination that the matrix has not is refused with the names of those that it has", async () => {
  const { code, output } = await run("node", ["--import", "tsx", "scripts/conformance.ts", "no-such"]);
  expect(code).toBe(1);
  expect(output).toContain(MATRIX[0]?.name);
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
});
