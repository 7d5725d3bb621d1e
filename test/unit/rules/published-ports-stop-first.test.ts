import { expect, test } from "vitest";
import { publishedPortsStopFirst } from "../../../modules/rules/published-ports-stop-first.ts";
import { described, front, nodes } from "../../support/description.ts";

test("a published port whose workload stops first is good, and so is a release side by side without a port", () => {
  expect(publishedPortsStopFirst.check(described())).toEqual([]);
  expect(
    publishedPortsStopFirst.check(described({ workloads: [nodes({ release: "start-first" })] })),
  ).toEqual([]);
});

test("a published port that two instances would want is a violation", () => {
  expect(
    publishedPortsStopFirst.check(described({ workloads: [front({ release: "start-first" })] })),
  ).toEqual([
    {
      path: "prod/edge",
      got: 'port 80 with release "start-first"',
      allowed: 'release "stop-first", or no published port',
      fix: 'Write release: "stop-first", or lead to it from an edge.',
    },
  ]);
});
