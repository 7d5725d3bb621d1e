import type { Rule } from "./rule.ts";

const EVERY = ["0.0.0.0", "::"];

export const portsOnEveryAddress: Rule = {
  id: "ports-on-every-address",
  statement: "On a Swarm no port is meant for one address alone.",
  source:
    "known failure: Swarm publishes at every address of a host, whatever was asked for; an administration is then public",
  check: ({ swarm, workloads }) =>
    swarm === undefined
      ? []
      : workloads.flatMap(({ path, workload }) =>
          workload.ports
            .filter(({ address }) => !EVERY.includes(address))
            .map(({ address, host }) => ({
              path,
              got: `port ${host} at ${address}`,
              allowed: "0.0.0.0, which is what a Swarm does",
              fix:
                workload.role === "storage"
                  ? "Run it on the engine of one host, which can keep to an address."
                  : address === "127.0.0.1" || address === "::1"
                    ? "Set the target's address to 0.0.0.0; an administration is behind Admin.overTls() or Admin.disabled() on a Swarm."
                    : "Set the target's address to 0.0.0.0, and let a firewall keep the others out.",
            })),
        ),
};
