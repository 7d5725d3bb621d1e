/**
 * What an engine does about a workload that was declared in one way and is declared in another: the one place that knows
 * it. modules/engine/docker.ts acts so (test/unit/engine/transition.test.ts compares the two), and a review says it.
 */
import type { WrittenWorkload } from "./written-workload.ts";

/** What becomes of the instances of a workload. */
export type Transition =
  | "unchanged"
  /** Files are handed to the instances that run, which check them and reload. */
  | "reconfigured"
  /** Each instance gives way to a new one. */
  | "replaced"
  | "added"
  | "removed";

/** A part of a workload that was declared in another way. */
export type Aspect =
  | "image"
  | "command"
  | "user"
  | "environment"
  | "files"
  | "secrets"
  | "volumes"
  | "networks"
  | "ports"
  | "health"
  | "limits"
  | "capabilities"
  | "stop"
  | "release"
  | "toolkit";

/** A workload of a synthesized stack, with what its engine has written of it. */
export interface Declared {
  readonly workload: WrittenWorkload;
  /** `project/name:hash` */
  readonly image: string;
  /** The label {@link Label.release} by node: whatever replaces an instance changes it. */
  readonly releases: Readonly<Record<string, string>>;
}

/** What becomes of the instances that are declared before and after. */
export function transition(before: Declared | undefined, after: Declared | undefined): Transition {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  if (isReplaced(before, after)) return "replaced";
  return aspects(before, after).includes("files") ? "reconfigured" : "unchanged";
}

/** Which parts differ. */
export function aspects(before: Declared, after: Declared): readonly Aspect[] {
  const [one, other] = [before.workload, after.workload];
  const found: Aspect[] = [];
  if (tagOf(before.image) !== tagOf(after.image)) found.push("image");
  const compared = [
    "command",
    "user",
    "environment",
    "files",
    "secrets",
    "networks",
    "ports",
    "health",
    "limits",
    "capabilities",
    "stop",
    "release",
  ] as const;
  found.push(...compared.filter((aspect) => differ(one[aspect], other[aspect])));
  if (differ(one.volumes, other.volumes)) found.push("volumes");
  // Nothing that a stack says differs: a secret's value does, or what the engine's own code makes of it.
  if (found.length === 0 && isReplaced(before, after) && !isRenumbered(before, after) && !isMoved(one, other))
    found.push("toolkit");
  return found;
}

function isReplaced(before: Declared, after: Declared): boolean {
  return (
    isMoved(before.workload, after.workload) ||
    isRenumbered(before, after) ||
    Object.entries(before.releases).some(([node, release]) => release !== (after.releases[node] ?? release))
  );
}

/** Whether it stays on another engine than before; one that an earlier version has written says nothing of it. */
export function isMoved({ place: was = null }: WrittenWorkload, { place: is }: WrittenWorkload): boolean {
  return was !== null && is !== null && was !== is;
}

/** One instance has no number, the first of several has: it is another one. */
function isRenumbered(before: Declared, after: Declared): boolean {
  return !Object.keys(before.releases).some((node) => node in after.releases);
}

/** Name and hash, without the project: two clones may call it otherwise. */
function tagOf(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}

function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
