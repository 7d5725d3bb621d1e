/** Labels by which the project's scripts find what a stack runs; values are plain text, never a secret. */
export const Label = {
  project: "slipway.project",
  stack: "slipway.stack",
  role: "slipway.role",
  workload: "slipway.workload",
  /** `guestbook-1`: the instance, whatever its release. */
  node: "slipway.node",
  /** Changes with everything that would replace the container. */
  release: "slipway.release",
  generation: "slipway.generation",
  /** With the name of a kept volume behind it: what the volume lies on. */
  storage: "slipway.storage",
  /** Of a Swarm's node, with project and stack behind it: its name in the target; with a role as well: whether it plays that. */
  host: "slipway.host",
} as const;
