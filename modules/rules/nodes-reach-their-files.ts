import { isLocal, placementsOf } from "../engine/swarm-placement.ts";
import type { Rule } from "./rule.ts";

export const nodesReachTheirFiles: Rule = {
  id: "nodes-reach-their-files",
  statement: "On a Swarm with several web hosts, applications keep no files on the disk of one.",
  source:
    "recipe 12: shared folders are on a file server; known failure: all nodes on the one host that has the files",
  check: ({ swarm, workloads }) => {
    if (swarm === undefined) return [];
    const placements = placementsOf(
      workloads.map(({ workload }) => workload),
      swarm.hosts,
    );
    return workloads.flatMap(({ path, workload }) => {
      const hosts = placements.get(workload.name.text)?.hosts ?? [];
      const local = workload.volumes.find(isLocal)?.volume;
      if (workload.role !== "app" || local === undefined || hosts.length < 2) return [];
      return {
        path,
        got: `${local.name} on ${local.storage.description}, and the hosts ${hosts.map(({ name }) => name.text).join(", ")}`,
        allowed: "storage that every host reaches, such as Nfs.v4(…), or one web host",
        fix: "Move the files to a file server, or leave the role web to the host that has them.",
      };
    });
  },
};
