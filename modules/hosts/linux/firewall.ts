import type { Machine } from "../export/machine.ts";
import { clientsOf, type Placed } from "./placement.ts";

/**
 * Who reaches the ports of a machine from others: only the machines whose workloads use what listens there. All else that
 * the machine has is left to its own rules. Undefined for a machine that nobody else needs.
 */
export function firewall(stack: string, machine: Machine, all: readonly Placed[]): string | undefined {
  const rules = all
    .filter((one) => one.machine === machine && one.workload.role !== "edge")
    .flatMap((one) =>
      [...one.sockets.values()]
        .filter(({ address }) => address === machine.address && address !== "127.0.0.1")
        .map(({ port }) => ({ port, instance: one.instance, clients: clientsOf(one, all) })),
    );
  if (rules.length === 0) return undefined;
  const lines = rules.flatMap(({ port, instance, clients }) => [
    `    # ${instance}`,
    ...(clients.length > 0
      ? [`    tcp dport ${port} ip saddr { ${clients.map(({ address }) => address).join(", ")} } accept`]
      : []),
    `    tcp dport ${port} drop`,
  ]);
  const table = `slipway_${stack.replaceAll("-", "_")}`;
  return `#!/usr/sbin/nft -f
# Written by Slipway. Made anew as a whole each time; no other table is touched.
table inet ${table}
delete table inet ${table}
table inet ${table} {
  chain input {
    # Before the rules of the machine itself, which may let more in.
    type filter hook input priority filter - 5; policy accept;
    iifname "lo" accept
    ip saddr ${machine.address} accept
${lines.join("\n")}
  }
}
`;
}
