import type { Rule } from "./rule.ts";

export const fileServerOnOneHost: Rule = {
  id: "file-server-on-one-host",
  statement: "A file server of the stack runs on the engine of one host, not on a Swarm.",
  source:
    "known failure: Swarm publishes at every address of a host, and takes no list of system calls (docs/decisions/0022-file-server.md)",
  check: ({ swarm, workloads }) =>
    swarm === undefined
      ? []
      : workloads
          .filter(({ workload }) => workload.role === "storage")
          .map(({ path, workload }) => ({
            path,
            got: `${workload.name} on a Swarm of ${swarm.hosts.map(({ name }) => name).join(", ")}`,
            allowed: "a file server that is not of this stack",
            fix: 'Set up the NFS server of a host\'s own kernel and write on: Nfs.v4("10.0.0.20", "/srv/files"), or run NfsServer in a stack of its own with Docker.on(host).',
          })),
};
