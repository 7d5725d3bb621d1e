import type { Role } from "../../engine/workload.ts";
import type { ExportedFile } from "./exported-file.ts";
import type { ExportedStack } from "./exported-stack.ts";
import type { Machine } from "./machine.ts";

/** A kind of host that runs no containers, and what a stack is for it: files, with a README of the steps among them. */
export interface ExportTarget {
  readonly name: string;
  /** One line, for the help of the command. */
  readonly description: string;
  /** Whether a stack can be spread over several machines. */
  readonly spreads: boolean;
  /** Roles of workloads that are on no machine. @default none */
  readonly leavesOut?: ReadonlySet<Role>;
  /**
   * @param machines that the workloads are spread over; one that has them all unless somebody said otherwise
   * @throws InvalidValue for what such a host cannot run, naming it
   */
  files(stack: ExportedStack, machines: readonly Machine[]): readonly ExportedFile[];
}
