import { isIPv6 } from "node:net";

/** What a host lets in. */
export interface FirewallProps {
  /** Ports of its SSH server. */
  readonly ssh: readonly number[];
  /** Ports that the edge publishes on it; none on a host without an edge. */
  readonly edge: readonly number[];
  /** IP addresses of the other hosts of its Swarm; empty without one. */
  readonly peers: readonly string[];
}

/**
 * The rules of nftables for a host: SSH and the edge from everywhere, Swarm from its own hosts, nothing else.
 *
 * They stand in a table of their own, so that neither Docker nor another program loses or changes them, and are looked
 * at before Docker's: what is dropped here stays dropped (nft(8), "base chains"). Published ports never pass `input`,
 * as Docker translates them before; `forward` sees them, and knows the port that was asked for by the connection.
 */
export function firewall({ ssh, edge, peers }: FirewallProps): string {
  const v4 = peers.filter((peer) => !isIPv6(peer));
  const v6 = peers.filter((peer) => isIPv6(peer));
  const published = [...new Set(edge)].sort((a, b) => a - b);
  return `#!/usr/sbin/nft -f
# Written by Slipway (npm run bootstrap); changes are lost.
table inet slipway
delete table inet slipway

table inet slipway {
${set("peers4", "ipv4_addr", v4)}${set("peers6", "ipv6_addr", v6)}	chain input {
		type filter hook input priority filter - 1; policy drop;
		ct state established,related accept
		ct state invalid drop
		iif lo accept
		meta l4proto { icmp, ipv6-icmp } accept
		udp dport 68 accept comment "DHCP"
		udp dport 546 ip6 saddr fe80::/10 accept comment "DHCPv6"
		tcp dport { ${ssh.join(", ")} } accept comment "SSH"
${published.length > 0 ? `\t\ttcp dport { ${published.join(", ")} } accept comment "edge, where it listens itself"\n` : ""}${swarm("ip saddr @peers4", v4)}${swarm("ip6 saddr @peers6", v6)}	}

	chain forward {
		type filter hook forward priority filter - 1; policy drop;
		ct state established,related accept
		iifname { "docker0", "docker_gwbridge", "br-*", "veth*" } accept comment "from containers"
${published.map((port) => `\t\tct status dnat meta l4proto tcp ct original proto-dst ${port} accept comment "edge"\n`).join("")}	}
}
`;
}

/** Nothing for an empty one: nft has no set without a purpose. */
function set(name: string, type: string, addresses: readonly string[]): string {
  if (addresses.length === 0) return "";
  return `\tset ${name} {\n\t\ttype ${type}\n\t\telements = { ${addresses.join(", ")} }\n\t}\n\n`;
}

/** Management, gossip, and the overlay networks, plain and encrypted; Docker, "Getting started with swarm mode". */
function swarm(from: string, addresses: readonly string[]): string {
  if (addresses.length === 0) return "";
  return [
    `\t\t${from} tcp dport { 2377, 7946 } accept comment "Swarm"\n`,
    `\t\t${from} udp dport { 4789, 7946 } accept comment "Swarm"\n`,
    `\t\t${from} meta l4proto esp accept comment "Swarm, encrypted networks"\n`,
  ].join("");
}

/** Loads the rules before the network is up, and takes nothing away from anybody when it is stopped. */
export function firewallUnit(rules: string): string {
  return `# Written by Slipway (npm run bootstrap); changes are lost.
[Unit]
Description=Firewall of Slipway
Wants=network-pre.target
Before=network-pre.target shutdown.target
Conflicts=shutdown.target
DefaultDependencies=no

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${rules}
ExecReload=/usr/sbin/nft -f ${rules}
ExecStop=/usr/sbin/nft delete table inet slipway

[Install]
WantedBy=sysinit.target
`;
}
