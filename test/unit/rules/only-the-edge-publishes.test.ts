import { expect, test } from "vitest";
import { onlyTheEdgePublishes } from "../../../modules/rules/only-the-edge-publishes.ts";
import { Port } from "../../../modules/values/port.ts";
import { cache, database, described, front, nodes } from "../../support/description.ts";

test("ports of the edge are published", () => {
  expect(onlyTheEdgePublishes.check(described())).toEqual([]);
});

test.each([
  ["database", database, 5432],
  ["cache", cache, 11211],
  ["app", nodes, 8000],
] as const)("a published port of the %s is a violation, even on the loopback address", (role, make, number) => {
  const port = { address: "127.0.0.1", host: Port.of(15432), container: Port.of(number) };
  const published = make({ ports: [port] });
  expect(onlyTheEdgePublishes.check(described({ workloads: [published, front()] }))).toEqual([
    {
      path: published.path,
      got: `127.0.0.1:15432 published, leading to port ${number} of the ${role}`,
      allowed: "no published port",
      fix: "Remove publish, and reach it with `npm run console` or from a workload that `uses` it.",
    },
  ]);
});

test("each port is a violation of its own", () => {
  const ports = [1, 2].map((host) => ({ address: "0.0.0.0", host: Port.of(host), container: Port.of(5432) }));
  const found = onlyTheEdgePublishes.check(described({ workloads: [database({ ports })] }));
  expect(found.map(({ got }) => got.split(" ")[0])).toEqual(["0.0.0.0:1", "0.0.0.0:2"]);
});
