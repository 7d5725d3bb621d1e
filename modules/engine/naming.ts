import type { Plan } from "./engine.ts";
import { Label } from "./labels.ts";
import type { Workload } from "./workload.ts";

interface EngineLabel {
  label: string;
  value: string;
}

/** How what a stack makes on an engine is named and marked. */
export interface Naming {
  nameOf(name: string): string;
  /** Of all that belongs to the stack. */
  readonly labels: EngineLabel[];
  /** Of an instance. */
  labelsOf(workload: Workload, node: string): EngineLabel[];
}

export function namingOf({ project, stack }: Pick<Plan, "project" | "stack">): Naming {
  const labels = [
    { label: Label.project, value: project },
    { label: Label.stack, value: stack },
  ];
  return {
    nameOf: (name) => `${project}-${stack}-${name}`,
    labels,
    labelsOf: ({ role, name }, node) => [
      ...labels,
      { label: Label.role, value: role },
      { label: Label.workload, value: name.text },
      { label: Label.node, value: node },
    ],
  };
}
