import { expect, test } from "vitest";
import { memoryForEachProcess } from "../../../modules/rules/memory-for-each-process.ts";
import { Size } from "../../../modules/values/size.ts";
import { app, described, nodes } from "../../support/description.ts";

const check = (processes: number, mebibytes: number) =>
  memoryForEachProcess.check(
    described({
      apps: [app({ processes })],
      workloads: [nodes({ limits: { memory: Size.mebibytes(mebibytes) } })],
    }),
  );

test.each([
  [1, 128],
  [5, 256],
  [15, 640],
])("%d processes in %d MiB are good", (processes, memory) => {
  expect(check(processes, memory)).toEqual([]);
});

test("more than fit are a violation, and the fix is one that mends it", () => {
  expect(check(15, 256)).toEqual([
    {
      path: "prod/shop",
      got: "memory 256 MiB for 15 processes",
      allowed: "at least 640 MiB",
      fix: 'Write memory: "640 MiB", or Concurrency.threads(15) where the code is thread-safe.',
    },
  ]);
});
