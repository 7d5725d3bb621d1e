import { expect, test } from "vitest";
import { developmentOnLoopback } from "../../../modules/rules/development-on-loopback.ts";
import { Port } from "../../../modules/values/port.ts";
import { described, front } from "../../support/description.ts";

const workloads = (address: string) => [
  front({ ports: [{ address, host: Port.of(8443), container: Port.of(8443) }] }),
];

test("the loopback address is good", () => {
  expect(
    developmentOnLoopback.check(described({ purpose: "development", workloads: workloads("127.0.0.1") })),
  ).toEqual([]);
});

test.each(["0.0.0.0", "192.0.2.1", "::"])("%s is a violation", (address) => {
  expect(
    developmentOnLoopback.check(described({ purpose: "development", workloads: workloads(address) })),
  ).toEqual([
    {
      path: "prod/edge",
      got: `${address}:8443 published`,
      allowed: "an address such as 127.0.0.1",
      fix: "Set the target's address to 127.0.0.1, or waive this rule for as long as a colleague has to look.",
    },
  ]);
});

test("production is reached from everywhere", () => {
  expect(developmentOnLoopback.check(described({ workloads: workloads("0.0.0.0") }))).toEqual([]);
});
