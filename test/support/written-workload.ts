import type { WrittenWorkload } from "../../modules/engine/written-workload.ts";

/** A workload as it is written, with nothing but its name and role unless more is said. */
export function writtenWorkload(
  name: string,
  role: WrittenWorkload["role"],
  more: Partial<WrittenWorkload> = {},
): WrittenWorkload {
  return {
    name,
    path: `dev/${name}`,
    role,
    place: null,
    image: name,
    nodes: [name],
    release: "start-first",
    reconfigurable: false,
    user: 8000,
    command: null,
    environment: {},
    files: {},
    secrets: [],
    secretNames: {},
    volumes: [],
    networks: [],
    ports: [],
    health: { command: ["health"], startPeriod: 30 },
    limits: { memory: 1, cpus: null, processes: null, sharedMemory: null },
    capabilities: [],
    stop: { signal: "SIGTERM", grace: 5 },
    ...more,
  };
}
