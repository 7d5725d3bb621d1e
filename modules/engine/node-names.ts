import type { Name } from "../values/name.ts";

/** The names of a workload's instances: its own when there is one, else `<name>-1`, `<name>-2` and so on. */
export function nodeNames(name: Name, replicas: number): string[] {
  return replicas === 1 ? [name.text] : Array.from({ length: replicas }, (_, at) => `${name}-${at + 1}`);
}
