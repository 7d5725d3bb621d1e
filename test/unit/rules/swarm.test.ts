import { expect, test } from "vitest";
import { Host, type HostRole } from "../../../modules/hosts/host.ts";
import { clientsKnownToTheEdge } from "../../../modules/rules/clients-known-to-the-edge.ts";
import type { Description } from "../../../modules/rules/description.ts";
import { fileServerOnOneHost } from "../../../modules/rules/file-server-on-one-host.ts";
import { managersAgree } from "../../../modules/rules/managers-agree.ts";
import { nodesReachTheirFiles } from "../../../modules/rules/nodes-reach-their-files.ts";
import { portsOnEveryAddress } from "../../../modules/rules/ports-on-every-address.ts";
import { rolesOnHosts } from "../../../modules/rules/roles-on-hosts.ts";
import type { Rule } from "../../../modules/rules/rule.ts";
import { stateKeepsSecrets } from "../../../modules/rules/state-keeps-secrets.ts";
import { Port } from "../../../modules/values/port.ts";
import { described, FILE_SERVER, fileServer, front, nodes, OWN_DISK } from "../../support/description.ts";

const RULES = [rolesOnHosts, managersAgree, nodesReachTheirFiles, portsOnEveryAddress, clientsKnownToTheEdge];
const host = (name: string, ...roles: readonly HostRole[]) =>
  Host.of({ name, address: `unix:///run/${name}.sock`, roles });
const front0 = front({ ports: [{ address: "0.0.0.0", host: Port.of(443), container: Port.of(8443) }] });
const HOSTS = [host("one", "manager", "edge", "db"), host("two", "web"), host("three", "web")];

function swarm(hosts = HOSTS, changes: Partial<Description> = {}): Description {
  const { workloads, ...rest } = described();
  const good = [...workloads.filter(({ workload }) => workload.role !== "edge"), front0];
  return { ...rest, workloads: good, swarm: { hosts, publish: "host" }, ...changes };
}

const found = (rule: Rule, environment: Description) => rule.check(environment).map(({ path }) => path);

test("a good Swarm breaks none of them, and one host has nothing to do with them", () => {
  for (const rule of RULES) {
    expect(rule.check(swarm()), rule.id).toEqual([]);
    expect(rule.check(described()), rule.id).toEqual([]);
  }
});

test("a part that no host plays", () => {
  const hosts = [host("one", "manager", "edge"), host("two", "web")];
  expect(found(rolesOnHosts, swarm(hosts))).toEqual(["prod/db"]);
  expect(rolesOnHosts.check(swarm(hosts))[0]).toMatchObject({
    got: "one (manager, edge), two (web)",
    allowed: "a host with the role db",
  });
});

test("an even number of managers, and none", () => {
  expect(managersAgree.check(swarm([...HOSTS, host("four", "manager")]))[0]?.got).toContain("2 of 4");
  expect(managersAgree.check(swarm([host("one", "web")]))[0]?.got).toContain("0 of 1");
});

test("nodes with files on the disk of one of several web hosts; a file server is fine, and so is one host", () => {
  const shared = (storage = OWN_DISK) => {
    const volume = { name: "shared", storage, folder: "shared", keep: true };
    return [front0, nodes({ volumes: [{ volume, path: "/srv/shared" }] })];
  };
  expect(found(nodesReachTheirFiles, swarm(HOSTS, { workloads: shared() }))).toEqual(["prod/shop"]);
  expect(found(nodesReachTheirFiles, swarm(HOSTS, { workloads: shared(FILE_SERVER) }))).toEqual([]);
  expect(found(nodesReachTheirFiles, swarm(HOSTS.slice(0, 2), { workloads: shared() }))).toEqual([]);
});

test("a port that was meant for one address, such as that of an administration", () => {
  const port = { address: "127.0.0.1", host: Port.of(8001), container: Port.of(8001) };
  const [violation] = portsOnEveryAddress.check(swarm(HOSTS, { workloads: [front({ ports: [port] })] }));
  expect(violation?.got).toBe("port 8001 at 127.0.0.1");
  expect(violation?.fix).toContain("Admin.overTls()");
});

test("a file server, which one host may have", () => {
  expect(found(fileServerOnOneHost, swarm(HOSTS, { workloads: [fileServer()] }))).toEqual(["prod/files"]);
  expect(fileServerOnOneHost.check(described({ workloads: [fileServer()] }))).toEqual([]);
  // Its port is refused as well: Swarm would publish it at every address.
  const port = { address: "10.0.0.20", host: Port.of(2049), container: Port.of(2049) };
  const [violation] = portsOnEveryAddress.check(swarm(HOSTS, { workloads: [fileServer({ ports: [port] })] }));
  expect(violation?.fix).toBe("Run it on the engine of one host, which can keep to an address.");
});

test("secrets that leave this machine in a state that anybody can read", () => {
  const state = (kind: "local" | "pg", isEncrypted: boolean) =>
    swarm(HOSTS, { state: { kind, isEncrypted } });
  expect(found(stateKeepsSecrets, state("pg", false))).toEqual(["prod"]);
  expect(found(stateKeepsSecrets, state("pg", true))).toEqual([]);
  expect(found(stateKeepsSecrets, state("local", false))).toEqual([]);
});

test("a mesh in front of the edge", () => {
  expect(found(clientsKnownToTheEdge, swarm(HOSTS, { swarm: { hosts: HOSTS, publish: "ingress" } }))).toEqual(
    ["prod/edge"],
  );
});
