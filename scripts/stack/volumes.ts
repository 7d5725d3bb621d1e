import { nameOnEngine } from "../../modules/engine/volume.ts";
import { labelFilters } from "./containers.ts";
import { descriptionOf } from "./description.ts";
import { docker } from "./docker.ts";
import type { Stack } from "./stack.ts";
import type { StackHost } from "./stack-host.ts";

/** A volume of a stack that the stack does not declare any more: it holds what it held. */
export interface OrphanedVolume {
  /** On the engine. */
  readonly volume: string;
  /** Name of the host that it is on. */
  readonly host: string;
}

/** The volumes of a host that are of a stack, by their labels, and that it does not declare. */
export async function orphanedVolumes(stack: Stack, host: StackHost): Promise<readonly OrphanedVolume[]> {
  const declared = declaredVolumes(stack);
  if (declared === undefined) return [];
  const names = await docker(["volume", "ls", "--quiet", ...labelFilters(stack)], { host });
  return names
    .split("\n")
    .filter((volume) => volume !== "" && !declared.has(volume))
    .map((volume) => ({ volume, host: host.name }));
}

/** Names on the engine; undefined when the stack was not written yet. */
export function declaredVolumes(stack: Stack): ReadonlySet<string> | undefined {
  const { project, name } = stack;
  const volumes = descriptionOf(stack)?.workloads?.flatMap((workload) => workload.volumes);
  return volumes && new Set(volumes.map((volume) => `${project}-${name}-${nameOnEngine(volume)}`));
}
