import type { TerraformStack } from "cdktf";
import { Label } from "./labels.ts";

/**
 * What the engine runs of this stack, read at each plan. Terraform itself never looks at a container's health or files
 * again; so a container that its health check calls unhealthy, because a file was edited in it or its release never
 * worked, would stay for ever. Its generation counts up instead, which replaces it with the next deploy, under a name
 * that is free.
 *
 * The data source is newer than the bindings (provider 4.6), hence the overrides.
 */
export function readContainers(stack: TerraformStack, project: string): void {
  stack.addOverride("data.docker_containers.all", {});
  const broken =
    'strcontains(c.status, "(unhealthy)") || contains(["created", "restarting", "dead"], c.state)';
  // Grouped once: to look through all of them for each node would take the square of their number.
  stack.addOverride(
    "locals.generations",
    `\${{for c in data.docker_containers.all.containers : lookup(c.labels, "${Label.node}", "") =>` +
      ` tonumber(lookup(c.labels, "${Label.generation}", "0")) + (${broken} ? 1 : 0)...` +
      ` if ${isOf(project, stack.node.id)}}}`,
  );
}

/** Whether a container `c` is of a stack, as an expression. */
export function isOf(project: string, stack: string): string {
  return [
    [Label.project, project],
    [Label.stack, stack],
  ]
    .map(([label, value]) => `lookup(c.labels, "${label}", "") == "${value}"`)
    .join(" && ");
}

/**
 * The generation of an instance, as an expression: the highest that runs, plus one where that one is broken; so it
 * stays as it is once the heir is healthy.
 */
export function generationOf(node: string): string {
  return `max(0, lookup(local.generations, "${node}", [])...)`;
}
