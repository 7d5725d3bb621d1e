import { isMoved } from "../../modules/engine/transition.ts";
import type { WrittenVolume, WrittenWorkload } from "../../modules/engine/written-workload.ts";
import type { Synthesized } from "./synthesized.ts";

/** Data that a change leaves behind, or makes easier to lose. */
export interface DataRisk {
  /** Name of the workload whose data it is. */
  readonly workload: string;
  /** What it is about, such as `volume db-data`. */
  readonly of: string;
  /** What becomes of it, as a sentence without its full stop. */
  readonly what: string;
}

/** What a change does to volumes that are kept, and to their backups. */
export function dataRisks(before: Synthesized, after: Synthesized): readonly DataRisk[] {
  return [...volumesAtRisk(before, after), ...backupsDropped(before, after)];
}

function volumesAtRisk(before: Synthesized, after: Synthesized): readonly DataRisk[] {
  const [were, are] = [volumesOf(before), volumesOf(after)];
  return [...were.values()].flatMap(({ volume, owner }) => {
    if (!volume.keep) return [];
    const now = are.get(volume.name);
    const what = volumeRisk(volume, now?.volume) ?? placeRisk(owner, now?.owner, volume);
    return what === undefined ? [] : [{ workload: owner.name, of: `volume ${volume.name}`, what }];
  });
}

function volumeRisk(was: WrittenVolume, is: WrittenVolume | undefined): string | undefined {
  if (is === undefined) {
    return "nothing mounts it any more: its files stay on the engine, unused, and what takes its place starts empty";
  }
  if (!is.keep) return "it is no longer kept: a later deploy or destroy may delete its files";
  if (JSON.stringify(was.options) !== JSON.stringify(is.options)) {
    return `it moves from ${was.storage} to ${is.storage}: the files do not follow by themselves`;
  }
  return undefined;
}

/** What a server of files has is seen from everywhere; what is on a disk stays behind. */
function placeRisk(
  was: WrittenWorkload,
  is: WrittenWorkload | undefined,
  { options }: WrittenVolume,
): string | undefined {
  const onDisk = options.type === undefined || options.type === "none";
  if (is === undefined || !onDisk || !isMoved(was, is)) return undefined;
  return `it is on ${was.place}, and ${is.place} begins with nothing: the files do not follow by themselves`;
}

/** Volumes by name, each with the workload that it is most of all: the database, or else the first that mounts it. */
function volumesOf({
  description,
}: Synthesized): ReadonlyMap<string, { volume: WrittenVolume; owner: WrittenWorkload }> {
  const found = new Map<string, { volume: WrittenVolume; owner: WrittenWorkload }>();
  for (const owner of description.workloads) {
    for (const volume of owner.volumes) {
      if (!found.has(volume.name) || owner.role === "database") found.set(volume.name, { volume, owner });
    }
  }
  return found;
}

function backupsDropped(before: Synthesized, after: Synthesized): readonly DataRisk[] {
  const kept = new Set(after.description.backups.flatMap(({ of }) => of));
  const paths = new Set(after.description.workloads.map(({ path }) => path));
  return before.description.backups
    .flatMap(({ of }) => of)
    .filter((path) => !kept.has(path) && paths.has(path))
    .map((path) => ({
      workload: path.split("/").at(-1) ?? path,
      of: "its backups",
      what: "nothing backs it up any more",
    }));
}
