import { expect, test } from "vitest";
import { onlyTheEdgePublishes } from "../../../modules/rules/only-the-edge-publishes.ts";
import { Cidr } from "../../../modules/values/cidr.ts";
import { Port } from "../../../modules/values/port.ts";
import { cache, database, described, fileServer, front, nodes } from "../../support/description.ts";

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

const found = (address: string, clients: readonly string[], role: "storage" | "cache" = "storage") => {
  const port = { address, host: Port.of(2049), container: Port.of(2049) };
  const served = fileServer({ role, ports: [port] });
  const fileServers = [{ path: served.path, clients: clients.map(Cidr.of) }];
  return onlyTheEdgePublishes.check(described({ workloads: [served, front()], fileServers }));
};

test.each([
  ["10.0.0.20", ["10.0.0.0/24"]],
  ["192.168.1.5", ["192.168.1.0/24", "172.16.4.7/32"]],
  ["127.0.0.1", []],
])("a file server publishes its port on %s for %j", (address, clients) => {
  expect(found(address, clients)).toEqual([]);
});

test.each([
  ["every address", "0.0.0.0", ["10.0.0.0/24"]],
  ["every address of IPv6", "::", ["10.0.0.0/24"]],
  ["a public address", "203.0.113.20", ["10.0.0.0/24"]],
  ["a private address, but for nobody", "10.0.0.20", []],
  ["a private address, but for everybody", "10.0.0.20", ["0.0.0.0/0"]],
  ["a private address, but for more than one private network", "10.0.0.20", ["10.0.0.0/7"]],
  ["the loopback address, but for a public network", "127.0.0.1", ["203.0.113.0/24"]],
])("a file server that publishes on %s is a violation", (_, address, clients) => {
  expect(found(address, clients)).toEqual([
    {
      path: "prod/files",
      got: `${address}:2049 published, leading to port 2049 of the storage, for ${clients.join(", ") || "nobody"}`,
      allowed: "a private address such as 10.0.0.20, with clients of private networks, or 127.0.0.1",
      fix: 'Write address: "10.0.0.20" and clients: ["10.0.0.0/24"], with the network between your hosts.',
    },
  ]);
});

test("nothing else may publish in the same words, and a file server must say for whom", () => {
  expect(found("10.0.0.20", ["10.0.0.0/24"], "cache")).toHaveLength(1);
  const port = { address: "10.0.0.20", host: Port.of(2049), container: Port.of(2049) };
  expect(onlyTheEdgePublishes.check(described({ workloads: [fileServer({ ports: [port] })] }))).toHaveLength(
    1,
  );
});
