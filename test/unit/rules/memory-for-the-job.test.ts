import { expect, test } from "vitest";
import { memoryForTheJob } from "../../../modules/rules/memory-for-the-job.ts";
import { Size } from "../../../modules/values/size.ts";
import { cache, database, described, front, nodes } from "../../support/description.ts";

const limits = (memory: Size) => ({ limits: { memory } });

test.each([
  ["database", database, 256],
  ["app", nodes, 128],
  ["edge", front, 64],
  ["cache", cache, 32],
] as const)("the %s needs its memory, to the byte", (_, make, least) => {
  const enough = make(limits(Size.mebibytes(least)));
  expect(memoryForTheJob.check(described({ workloads: [enough] }))).toEqual([]);
  const less = Size.bytes(least * 2 ** 20 - 1);
  expect(memoryForTheJob.check(described({ workloads: [make(limits(less))] }))).toEqual([
    {
      path: enough.path,
      got: `memory ${less}`,
      allowed: `at least ${least} MiB`,
      fix: `Write memory: "${least} MiB" or more.`,
    },
  ]);
});
