import { expect, test } from "vitest";
import { hostPortsDistinct } from "../../../modules/rules/host-ports-distinct.ts";
import { Name } from "../../../modules/values/name.ts";
import { Port } from "../../../modules/values/port.ts";
import { described, front } from "../../support/description.ts";

const port = (host: number, address = "192.0.2.1") => ({
  address,
  host: Port.of(host),
  container: Port.of(8080),
});
const allowed = "a port that nothing else publishes, of a workload with one instance";
const fix = "Choose another port in the target's ports.";

test("ports that nothing else publishes are good", () => {
  expect(hostPortsDistinct.check(described())).toEqual([]);
});

test("a port that another workload publishes is a violation, once and at the second one", () => {
  const workloads = [
    front({ ports: [port(443)] }),
    front({ name: Name.of("second"), ports: [port(80), port(443)] }),
  ];
  expect(hostPortsDistinct.check(described({ workloads }))).toEqual([
    { path: "prod/second", got: "port 192.0.2.1:443, which prod/edge has", allowed, fix },
  ]);
});

test("the same port twice in one workload is a violation", () => {
  expect(
    hostPortsDistinct.check(described({ workloads: [front({ ports: [port(443), port(443)] })] })),
  ).toEqual([{ path: "prod/edge", got: "port 192.0.2.1:443, which prod/edge has", allowed, fix }]);
});

test("a port of several instances is a violation", () => {
  expect(
    hostPortsDistinct.check(described({ workloads: [front({ ports: [port(443)], replicas: 2 })] })),
  ).toEqual([{ path: "prod/edge", got: "port 192.0.2.1:443, for 2 instances", allowed, fix }]);
});

test("an address of all collides with an address of one", () => {
  const ports = [port(443, "0.0.0.0"), port(443, "127.0.0.1")];
  expect(hostPortsDistinct.check(described({ workloads: [front({ ports })] }))).toHaveLength(1);
});
