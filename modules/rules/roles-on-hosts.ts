import { placementsOf } from "../engine/swarm-placement.ts";
import type { Rule } from "./rule.ts";

export const rolesOnHosts: Rule = {
  id: "roles-on-hosts",
  statement: "On a Swarm each workload has a host that plays its part.",
  source: 'known failure: "no suitable node" minutes after the deploy began',
  check: ({ swarm, workloads }) => {
    if (swarm === undefined) return [];
    const placements = placementsOf(
      workloads.map(({ workload }) => workload),
      swarm.hosts,
    );
    return workloads.flatMap(({ path, workload }) => {
      const placement = placements.get(workload.name.text);
      if (placement === undefined || placement.hosts.length > 0) return [];
      const others = placement.beside.filter((name) => name !== workload.name.text);
      const shared =
        others.length === 0 ? "" : ` that also fits ${others.join(", ")}, which shares files with it`;
      return {
        path,
        got: swarm.hosts.map(({ name, roles }) => `${name} (${roles.join(", ")})`).join(", "),
        allowed: `a host with the role ${placement.role}${shared}`,
        fix: `Give a host of the target the role ${placement.role}${others.length === 0 ? "" : ", and those of its companions"}.`,
      };
    });
  },
};
