import { literal } from "./terraform-text.ts";
import type { Volume } from "./volume.ts";

/** What the volume driver `local` is told of where files are; undefined where that is the engine's own disk. */
export function driverOptions({ storage, folder }: Volume): Record<string, string> | undefined {
  const options = Object.entries(storage.driverOptions(folder));
  return options.length === 0
    ? undefined
    : Object.fromEntries(options.map(([key, value]) => [key, literal(value)]));
}
