import { expect, test } from "vitest";
import { thisMachine } from "../../../scripts/setup/machine.ts";

test("a command that fails is an outcome", async () => {
  const outcome = await thisMachine.run(["sh", "-c", "echo out; echo err >&2; exit 3"]);
  expect(outcome).toEqual({ code: 3, stdout: "out\n", stderr: "err\n", timedOut: false });
});

test("an unknown command ends with 127, and arguments are not interpreted", async () => {
  expect((await thisMachine.run(["slipway-no-such-command"])).code).toBe(127);
  expect((await thisMachine.run(["echo", "$HOME; ls"])).stdout).toBe("$HOME; ls\n");
});

test("a command that takes too long is killed with its children", async () => {
  const start = Date.now();
  const outcome = await thisMachine.run(["sh", "-c", "sleep 30 & echo $!; wait"], { seconds: 0.5 });
  expect(outcome.timedOut).toBe(true);
  expect(Date.now() - start).toBeLessThan(5000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  // Gone, or a zombie that process 1 has not fetched yet.
  const stat = (await thisMachine.read(`/proc/${outcome.stdout.trim()}/stat`)) ?? "(sleep) Z";
  expect(stat).toContain("(sleep) Z");
});

test("lines are told as they come", async () => {
  const lines: string[] = [];
  await thisMachine.run(["printf", "a\\nb\\n"], { onLine: (line) => lines.push(line) });
  expect(lines).toEqual(["a", "b"]);
});

test("commands are found on the path", async () => {
  expect(await thisMachine.find("sh")).toMatch(/\/sh$/);
  expect(await thisMachine.find("slipway-no-such-command")).toBeUndefined();
});
