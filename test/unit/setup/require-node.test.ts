import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const preload = (version: string) =>
  spawnSync(
    process.execPath,
    [
      "-e",
      `Object.defineProperty(process.versions, "node", { value: "${version}" }); require("./scripts/require-node.cjs");`,
    ],
    { encoding: "utf8" },
  );

test.each([
  "18.20.8",
  "20.18.3",
])("Node %s is refused with what is allowed, and without a stack trace", (version) => {
  const { status, stderr } = preload(version);
  expect(status).toBe(1);
  expect(stderr).toContain(`got:     ${version}`);
  expect(stderr).toContain("allowed: 20.19.0 or newer");
  expect(stderr).not.toContain("    at ");
});

test.each(["20.19.0", "22.1.0", "24.0.0"])("Node %s passes in silence", (version) => {
  expect(preload(version)).toMatchObject({ status: 0, stderr: "" });
});
