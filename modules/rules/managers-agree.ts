import type { Rule } from "./rule.ts";

export const managersAgree: Rule = {
  id: "managers-agree",
  statement: "A Swarm has an odd number of managers.",
  source:
    "known failure: two managers, of which one fails, have no majority, and nobody can deploy or repair",
  check: ({ swarm, workloads }) => {
    if (swarm === undefined) return [];
    const managers = swarm.hosts.filter(({ roles }) => roles.includes("manager"));
    if (managers.length % 2 === 1) return [];
    return [
      {
        path: workloads[0]?.path.split("/")[0] ?? "hosts",
        got: `${managers.length} of ${swarm.hosts.length} hosts with the role manager`,
        allowed: "1, 3 or 5",
        fix:
          managers.length === 0
            ? "Give a host of the target the role manager."
            : "Give one more host the role manager, or one less.",
      },
    ];
  },
};
