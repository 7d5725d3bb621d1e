import type { Rule } from "./rule.ts";

export const stateKeepsSecrets: Rule = {
  id: "state-keeps-secrets",
  statement: "The state of a stack on a Swarm is encrypted where it leaves this machine.",
  source:
    "known failure: Terraform's state holds the content of a Swarm's secrets (docs/decisions/0018-swarm.md)",
  check: ({ swarm, state, workloads }) => {
    if (swarm === undefined || state === undefined || state.kind === "local" || state.isEncrypted) return [];
    return [
      {
        path: workloads[0]?.path.split("/")[0] ?? "state",
        got: `a state in ${state.kind} without a passphrase`,
        allowed: "one with a passphrase, or Backend.local()",
        fix: "Give the backend a passphrase and deploy with OpenTofu, or waive this where whoever reads the state may know the secrets.",
      },
    ];
  },
};
