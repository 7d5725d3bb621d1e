import { expect, test } from "vitest";
import { daemonJson } from "../../modules/hosts/bootstrap/daemon-json.ts";
import { firewall, firewallUnit } from "../../modules/hosts/bootstrap/firewall.ts";
import { journaldConf, sshdConf, unattendedUpgradesConf } from "../../modules/hosts/bootstrap/host-files.ts";

test("a host of its own lets SSH and the edge in", async () => {
  const rules = firewall({ ssh: [22], edge: [443, 80, 443], peers: [] });
  await expect(rules).toMatchFileSnapshot("bootstrap-firewall-one-host.nft.golden");
});

test("a node of a Swarm lets its other nodes in", async () => {
  const rules = firewall({ ssh: [2222], edge: [], peers: ["192.0.2.11", "192.0.2.12", "2001:db8::12"] });
  await expect(rules).toMatchFileSnapshot("bootstrap-firewall-swarm-node.nft.golden");
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
