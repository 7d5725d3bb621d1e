import type { Rule } from "./rule.ts";

export const clientsKnownToTheEdge: Rule = {
  id: "clients-known-to-the-edge",
  statement: "The edge sees the addresses of its clients.",
  source:
    "known failure: through the mesh of a Swarm all clients have the Swarm's own addresses, in logs and in stickiness",
  check: ({ swarm, edges }) =>
    swarm?.publish === "ingress"
      ? edges.map(({ path }) => ({
          path,
          got: 'publish: "ingress"',
          allowed: 'publish: "host"',
          fix: 'Leave publish: "ingress" out of Swarm.of(…), or waive this rule where nobody needs the addresses.',
        }))
      : [],
};
