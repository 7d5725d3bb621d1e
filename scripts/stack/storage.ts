import type { WrittenVolume, WrittenWorkload } from "../../modules/engine/written-workload.ts";
import type { Container } from "./containers.ts";
import { runDocker } from "./docker.ts";
import { bytes } from "./words.ts";

/** Free space below which somebody should look, as a part of all. */
const SCARCE = 0.05;
/** Bytes that a deployment tries to write (modules/app/image/ready-folders): with less a storage is full. */
const FULL = 2 ** 20;
/** Seconds that a storage may take to answer. */
const PATIENCE = 10;

/** What volumes with data have left. */
export interface StorageStatus {
  /** Name of the host that looked. */
  readonly host: string;
  /** In words, such as `nfs 10.0.0.20:/tank/web2py`. */
  readonly storage: string;
  /** Names of the volumes that share this space. */
  readonly volumes: readonly string[];
  /** In bytes; null when the storage does not answer. */
  readonly size: number | null;
  /** What the user of the files may still take, in bytes; null when the storage does not answer. */
  readonly free: number | null;
  /** What is wrong, in one clause; null when nothing is. */
  readonly problem: string | null;
}

/** Asks one container of each workload for the space of the volumes with data that it mounts. */
export async function storageOf(
  workloads: readonly WrittenWorkload[],
  containers: readonly Container[],
): Promise<readonly StorageStatus[]> {
  const seen = new Set<string>();
  const asked: Promise<readonly StorageStatus[]>[] = [];
  for (const { name, volumes } of workloads) {
    const container = containers.find(({ workload, state }) => workload === name && state === "running");
    const data = volumes.filter((volume) => holdsData(volume) && !seen.has(volume.name));
    if (container === undefined || data.length === 0) continue;
    for (const { name } of data) seen.add(name);
    asked.push(ask(container, data));
  }
  return together((await Promise.all(asked)).flat());
}

/** A folder for the state of a program can be made again. */
const holdsData = ({ keep, owner = null }: WrittenVolume): boolean => keep || owner !== null;

async function ask(
  { host, id }: Container,
  volumes: readonly WrittenVolume[],
): Promise<readonly StorageStatus[]> {
  // Each for itself: a file server that is away must not silence the disk beside it.
  const look = volumes.map(
    ({ path }) =>
      `timeout -s KILL ${PATIENCE} df --block-size=1 --output=size,avail '${path}' 2>/dev/null | tail -n +2 | grep . || echo silent`,
  );
  const { code, stdout } = await runDocker(["exec", id, "sh", "-c", look.join("\n")], {
    host,
    seconds: PATIENCE * volumes.length + 20,
  });
  const spaces = parseSpaces(stdout);
  // The container went away while it was asked: nothing is known of the storage.
  if (code !== 0 || spaces.length !== volumes.length) return [];
  return volumes.map(({ name, storage }, at) => {
    const { size, free } = spaces[at] ?? SILENT;
    return { host: host.name, storage, volumes: [name], size, free, problem: complaint(size, free) };
  });
}

interface Space {
  readonly size: number | null;
  readonly free: number | null;
}
const SILENT: Space = { size: null, free: null };

/** Reads a line for each path: `size free` as df prints them, or `silent`. */
export function parseSpaces(text: string): readonly Space[] {
  return text.split("\n").flatMap((line): readonly Space[] => {
    if (line.trim() === "silent") return [SILENT];
    const [, size, free] = /^\s*(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
    return size === undefined || free === undefined ? [] : [{ size: Number(size), free: Number(free) }];
  });
}

/** Whether nothing can be written there now. */
export const isUnusable = ({ free }: StorageStatus): boolean => free === null || free < FULL;

function complaint(size: number | null, free: number | null): string | null {
  if (size === null || free === null) return `does not answer within ${PATIENCE} seconds`;
  if (free < FULL) return "is full";
  return free < size * SCARCE ? "is nearly full" : null;
}

/**
 * Volumes that one look shows the same space for are on the same file system; between two looks some may be written. Datasets
 * with equal quotas look the same, too: what is wrong with one of them is told of that one alone.
 */
export function together(all: readonly StorageStatus[]): readonly StorageStatus[] {
  const groups = new Map<string, StorageStatus>();
  for (const one of all) {
    const key = JSON.stringify([one.host, one.storage, one.size, one.problem]);
    const group = groups.get(key);
    groups.set(
      key,
      group === undefined ? one : { ...lesser(group, one), volumes: [...group.volumes, ...one.volumes] },
    );
  }
  return [...groups.values()];
}

const lesser = (one: StorageStatus, other: StorageStatus): StorageStatus =>
  (other.free ?? 0) < (one.free ?? 0) ? other : one;

/** A line for people. */
export function storageLine({ storage, volumes, size, free }: StorageStatus): string {
  const space = size === null || free === null ? "" : `: ${bytes(free)} of ${bytes(size)} free`;
  return `${storage} (${named(volumes)})${space}`;
}

/** `shared_shop_cache` and `shared_shop_sessions` are told as `shared_shop: cache, sessions`. */
function named(volumes: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const volume of volumes) {
    const at = volume.lastIndexOf("_");
    const [group, folder] = at < 0 ? [volume, undefined] : [volume.slice(0, at), volume.slice(at + 1)];
    groups.set(group, [...(groups.get(group) ?? []), ...(folder === undefined ? [] : [folder])]);
  }
  return [...groups]
    .map(([group, folders]) => (folders.length === 0 ? group : `${group}: ${folders.join(", ")}`))
    .join("; ");
}
