import type { Workload } from "../engine/workload.ts";
import type { Description } from "../rules/description.ts";

/** What a module adds to the description of its environment; `purpose` and `workloads` the environment knows itself. */
export type Contribution = Partial<Omit<Description, "purpose" | "workloads">>;

/**
 * A part of an environment. It is asked only when the whole stack is written, so `uses` may come in any order.
 */
export interface Module {
  /** Construct path. */
  readonly path: string;
  /** What runs; empty for a module that only others run. */
  workloads(): readonly Workload[];
  /** What rules need to know beyond the workloads. */
  describe(): Contribution;
}
