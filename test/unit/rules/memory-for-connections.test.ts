import { expect, test } from "vitest";
import { memoryForConnections } from "../../../modules/rules/memory-for-connections.ts";
import { Size } from "../../../modules/values/size.ts";
import { database, described, server } from "../../support/description.ts";

const check = (maxConnections: number, mebibytes: number) =>
  memoryForConnections.check(
    described({
      databases: [server({ maxConnections })],
      workloads: [database({ limits: { memory: Size.mebibytes(mebibytes) } })],
    }),
  );

test.each([
  [100, 256],
  [128, 256],
  [150, 1024],
  [512, 1024],
])("%d connections in %d MiB are good", (connections, memory) => {
  expect(check(connections, memory)).toEqual([]);
});

test("more than fit are a violation, and the fix is one that mends it", () => {
  expect(check(1000, 1024)).toEqual([
    {
      path: "prod/db",
      got: "memory 1 GiB for 1000 connections",
      allowed: "at least 2000 MiB",
      fix: 'Write memory: "2000 MiB", or lower connections.',
    },
  ]);
  expect(check(1000, 2000)).toEqual([]);
});
