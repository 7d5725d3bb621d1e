import type { WrittenWorkload } from "../../modules/engine/written-workload.ts";

/** What all instances of a stack may use. */
export interface Cost {
  readonly instances: number;
  /** Sum of the hard limits, in bytes. */
  readonly memory: number;
  /** Sum of the limits of those that have one. */
  readonly cpus: number;
  /** Instances that may use every CPU that there is. */
  readonly withoutCpuLimit: number;
}

export function costOf(workloads: readonly WrittenWorkload[]): Cost {
  const instances = workloads.flatMap(({ nodes, limits }) => nodes.map(() => limits));
  return {
    instances: instances.length,
    memory: instances.reduce((sum, { memory }) => sum + memory, 0),
    cpus: instances.reduce((sum, { cpus }) => sum + (cpus ?? 0), 0),
    withoutCpuLimit: instances.filter(({ cpus }) => cpus === null).length,
  };
}
