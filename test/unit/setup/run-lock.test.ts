import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describe as describeProcess, takeRunLock } from "../../../scripts/setup/run-lock.ts";

const never = new AbortController().signal;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-"));
  path = join(folder, "lock");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("one at a time, and nothing is left over", async () => {
  let inside = 0;
  let most = 0;
  await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const release = await takeRunLock(() => {}, never, { path, seconds: 10 });
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
      await release();
    }),
  );
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test("the lock of a process that is gone does not count", async () => {
  const { pid } = spawnSync("true");
  writeFileSync(path, `${pid} 1`);
  await (await takeRunLock(() => {}, never, { path, seconds: 2 }))();
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(process.platform === "linux")("nor does one whose number another process has by now", async () => {
  writeFileSync(path, `${process.ppid} 1`);
  await (await takeRunLock(() => {}, never, { path, seconds: 2 }))();
});

test("an unreadable lock does not count either", async () => {
  writeFileSync(path, "");
  await (await takeRunLock(() => {}, never, { path, seconds: 2 }))();
});

test("one that lives is waited for, told once, and given up at the limit", async () => {
  writeFileSync(path, await describeProcess(process.ppid));
  const reports: string[] = [];
  await expect(takeRunLock((line) => reports.push(line), never, { path, seconds: 0.5 })).rejects.toThrow(
    "Another set-up does not end.",
  );
  expect(reports).toEqual([`waiting for the set-up that runs as process ${process.ppid}`]);
});
