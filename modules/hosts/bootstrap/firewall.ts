import { isIPv6 } from "node:net";

/** Folder of what stacks, and administrators, add to the rules. */
export const OPENINGS = "/etc/slipway/firewall.d";

/**
 * The rules of nftables for a host: SSH from everywhere, what stacks open (see {@link openings}), nothing else.
 *
 * They stand in a table of their own, so that neither Docker nor another program loses or changes them, and are looked
 * at before Docker's: what is dropped here stays dropped (nft(8), "base chains"). Published ports never pass `input`,
 * as Docker translates them before; `forward` sees them, and knows the port that was asked for by the connection.
 * @param ssh ports of the SSH server
 */
export function firewall(ssh: readonly number[]): string {
  return `#!/usr/sbin/nft -f
# Written by Slipway (npm run bootstrap); changes are lost. What is opened besides stands in ${OPENINGS}.
table inet slipway
delete table inet slipway

table inet slipway {
	# Ports of edges, from everywhere.
	set published {
		type inet_service
	}

	# Other nodes of the Swarm.
	set peers4 {
		type ipv4_addr
	}

	set peers6 {
		type ipv6_addr
	}

	# Who mounts what a file server exports.
	set mounts4 {
		type ipv4_addr
	}

	set mounts6 {
		type ipv6_addr
	}

	chain input {
		type filter hook input priority filter - 1; policy drop;
		ct state established,related accept
		ct state invalid drop
		iif lo accept
		meta l4proto { icmp, ipv6-icmp } accept
		udp dport 68 accept comment "DHCP"
		udp dport 546 ip6 saddr fe80::/10 accept comment "DHCPv6"
		tcp dport { ${ssh.join(", ")} } accept comment "SSH"
		tcp dport @published accept comment "edge, where it listens itself"
${swarm("ip saddr @peers4")}${swarm("ip6 saddr @peers6")}		ip saddr @mounts4 tcp dport 2049 accept comment "NFS 4"
		ip6 saddr @mounts6 tcp dport 2049 accept comment "NFS 4"
	}

	chain forward {
		type filter hook forward priority filter - 1; policy drop;
		ct state established,related accept
		iifname { "docker0", "docker_gwbridge", "br-*", "veth*" } accept comment "from containers"
		ct status dnat meta l4proto tcp ct original proto-dst @published accept comment "edge"
	}
}

include "${OPENINGS}/*.nft"
`;
}

/** What one stack needs open on a host. */
export interface OpeningsProps {
  /** Ports that its edge publishes there; none on a host without an edge. */
  readonly edge: readonly number[];
  /** IP addresses of the other hosts of its Swarm; empty without one. */
  readonly peers: readonly string[];
  /** Whether these mount what the host exports. */
  readonly storage: boolean;
  /** File servers of the stack there, which Docker publishes. @default none */
  readonly servers?: readonly {
    readonly port: number;
    /** IPv4 networks. */
    readonly clients: readonly string[];
  }[];
}

/** A file of {@link OPENINGS}: each stack has one of its own, so that preparing one closes nothing of another. */
export function openings({ edge, peers, storage, servers = [] }: OpeningsProps): string {
  const published = [...new Set(edge)].sort((a, b) => a - b);
  const v4 = peers.filter((peer) => !isIPv6(peer));
  const v6 = peers.filter((peer) => isIPv6(peer));
  return `# Written by Slipway (npm run bootstrap); changes are lost.
${add("published", published)}${add("peers4", v4)}${add("peers6", v6)}${storage ? add("mounts4", v4) + add("mounts6", v6) : ""}${servers.map(served).join("")}`;
}

function served({ port, clients }: { readonly port: number; readonly clients: readonly string[] }): string {
  return clients.length === 0
    ? ""
    : `add rule inet slipway forward ip saddr { ${clients.join(", ")} } ct status dnat meta l4proto tcp ct original proto-dst ${port} accept comment "NFS of the stack"\n`;
}

function add(set: string, elements: readonly (string | number)[]): string {
  return elements.length === 0 ? "" : `add element inet slipway ${set} { ${elements.join(", ")} }\n`;
}

/** Management, gossip, and the overlay networks, plain and encrypted; Docker, "Getting started with swarm mode". */
function swarm(from: string): string {
  return [
    `\t\t${from} tcp dport { 2377, 7946 } accept comment "Swarm"\n`,
    `\t\t${from} udp dport { 4789, 7946 } accept comment "Swarm"\n`,
    `\t\t${from} meta l4proto esp accept comment "Swarm, encrypted networks"\n`,
  ].join("");
}

/**
 * Loads the rules before the network is up, and takes nothing away from anybody when it is stopped. Debian's own
 * nftables.service begins with an empty ruleset, so it has to come before.
 */
export function firewallUnit(rules: string): string {
  return `# Written by Slipway (npm run bootstrap); changes are lost.
[Unit]
Description=Firewall of Slipway
Wants=network-pre.target
After=nftables.service
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
