import { expect, test } from "vitest";
import { daemonJson } from "../../modules/hosts/bootstrap/daemon-json.ts";
import { firewall, firewallUnit, openings } from "../../modules/hosts/bootstrap/firewall.ts";
import { journaldConf, sshdConf, unattendedUpgradesConf } from "../../modules/hosts/bootstrap/host-files.ts";

test("a host lets SSH in, and what stacks open", async () => {
  await expect(firewall([22, 2222])).toMatchFileSnapshot("bootstrap-firewall.nft.golden");
});

test("a stack on a host of its own opens the edge", async () => {
  const opened = openings({ edge: [443, 80, 443], peers: [], storage: true });
  await expect(opened).toMatchFileSnapshot("bootstrap-openings-one-host.nft.golden");
});

test("a node of a Swarm lets its other nodes in, and to its files", async () => {
  const peers = ["192.0.2.11", "192.0.2.12", "2001:db8::12"];
  const opened = openings({ edge: [], peers, storage: true });
  await expect(opened).toMatchFileSnapshot("bootstrap-openings-swarm-node.nft.golden");
  expect(openings({ edge: [], peers, storage: false })).not.toContain("mounts");
  const servers = [{ port: 2049, clients: ["10.0.0.0/24", "10.0.1.7/32"] }];
  expect(openings({ edge: [], peers: [], storage: true, servers })).toContain(
    "add rule inet slipway forward ip saddr { 10.0.0.0/24, 10.0.1.7/32 } ct status dnat meta l4proto tcp ct original proto-dst 2049 accept",
  );
});

test("the firewall is loaded before the network is up", async () => {
  await expect(firewallUnit("/etc/slipway/firewall.nft")).toMatchFileSnapshot(
    "bootstrap-firewall-unit.golden",
  );
});

test.each([false, true])("the engine, in a Swarm: %s", async (swarm) => {
  await expect(daemonJson(swarm)).toMatchFileSnapshot(
    `bootstrap-daemon${swarm ? "-of-a-swarm" : ""}.json.golden`,
  );
});

test("the SSH server, upgrades and the journal", async () => {
  await expect(sshdConf()).toMatchFileSnapshot("bootstrap-sshd.conf.golden");
  await expect(unattendedUpgradesConf()).toMatchFileSnapshot("bootstrap-unattended-upgrades.golden");
  await expect(journaldConf()).toMatchFileSnapshot("bootstrap-journald.conf.golden");
});
