import { baseImage } from "./base-image.ts";
import { engine } from "./engine.ts";
import { lockfile } from "./lockfile.ts";
import type { Machine } from "./machine.ts";
import { node } from "./node.ts";
import { provider } from "./provider.ts";
import type { Requirement } from "./requirement.ts";
import { terraform } from "./terraform.ts";

/** Requirements of which each needs the one before it. */
export interface Chain {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

/** All that a machine needs; the chains don't depend on each other. */
export function chains(machine: Machine): readonly Chain[] {
  return [
    { title: "Language", requirements: [node()] },
    { title: "Containers", requirements: [engine(machine), baseImage(machine)] },
    { title: "Provisioning", requirements: [terraform(machine), provider(machine), lockfile(machine)] },
  ];
}
