import { nodeNames } from "./node-names.ts";
import type { Role, Workload } from "./workload.ts";
import { secretPath } from "./workload.ts";

/** A workload as plain data, for those who compare two stacks, or a stack with what runs. No secret is in it. */
export interface WrittenWorkload {
  readonly name: string;
  /** Construct path of the module that it is of. */
  readonly path: string;
  readonly role: Role;
  /** The engine that it stays on; null where it may move, or where that is not known. */
  readonly place: string | null;
  /** Name of what it is an instance of. */
  readonly image: string;
  /** Names of its instances. */
  readonly nodes: readonly string[];
  readonly release: Workload["release"];
  readonly reconfigurable: boolean;
  readonly user: number;
  readonly command: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Content by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Paths in the container. */
  readonly secrets: readonly string[];
  /** Names of the secrets, by those paths. */
  readonly secretNames: Readonly<Record<string, string>>;
  readonly volumes: readonly WrittenVolume[];
  readonly networks: readonly { readonly name: string; readonly internal: boolean }[];
  readonly ports: readonly { readonly address: string; readonly host: number; readonly container: number }[];
  /** The period in seconds. */
  readonly health: { readonly command: readonly string[]; readonly startPeriod: number };
  /** Of each instance: memory in bytes; null is no limit. */
  readonly limits: {
    readonly memory: number;
    readonly cpus: number | null;
    readonly processes: number | null;
    /** Shared memory, in bytes; null is the engine's own. */
    readonly sharedMemory: number | null;
  };
  readonly capabilities: readonly string[];
  /** The grace in seconds. */
  readonly stop: { readonly signal: string; readonly grace: number };
}

export interface WrittenVolume {
  readonly name: string;
  /** Where it is seen in the container. */
  readonly path: string;
  readonly readOnly: boolean;
  /** Holds data that no deploy destroys. */
  readonly keep: boolean;
  /** User that its folder is made for; null where the image says it. */
  readonly owner?: number | null;
  /** In words. */
  readonly storage: string;
  readonly options: Readonly<Record<string, string>>;
}

export function writtenWorkload(path: string, workload: Workload, place: string | null): WrittenWorkload {
  const { name, role, replicas, release, limits, health, stop } = workload;
  return {
    name: name.text,
    path,
    role,
    place,
    image: workload.image.name.text,
    nodes: nodeNames(name, replicas),
    release,
    reconfigurable: workload.reconfigurable ?? false,
    user: workload.user,
    command: workload.command ?? null,
    environment: workload.environment,
    files: Object.fromEntries(workload.files.map(({ path, content }) => [path, content])),
    secrets: workload.secrets.map(secretPath),
    secretNames: Object.fromEntries(workload.secrets.map((file) => [secretPath(file), file.secret.name])),
    volumes: workload.volumes.map(({ volume, path, readOnly = false }) => ({
      name: volume.name,
      path,
      readOnly,
      keep: volume.keep,
      owner: volume.owner ?? null,
      storage: volume.storage.description,
      options: volume.storage.driverOptions(volume.folder),
    })),
    networks: workload.networks.map(({ name, internal }) => ({ name: name.text, internal })),
    ports: workload.ports.map(({ address, host, container }) => ({
      address,
      host: host.number,
      container: container.number,
    })),
    health: { command: health.command, startPeriod: health.startPeriod.seconds },
    limits: {
      memory: limits.memory.bytes,
      cpus: limits.cpus ?? null,
      processes: limits.processes ?? null,
      sharedMemory: workload.sharedMemory?.bytes ?? null,
    },
    capabilities: workload.capabilities,
    stop: { signal: stop.signal, grace: stop.grace.seconds },
  };
}
