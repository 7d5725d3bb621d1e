import type { WrittenWorkload } from "../../engine/written-workload.ts";
import type { Machine } from "../export/machine.ts";

/** Ports that the containers of a role listen on: those for others, and those that only the instance itself asks. */
const PORTS: Readonly<Record<string, { readonly open: readonly number[]; readonly own: readonly number[] }>> =
  {
    app: { open: [8000, 8002, 8003], own: [8001] },
    cache: { open: [11211], own: [] },
    database: { open: [5432], own: [] },
    balancer: { open: [8080], own: [8081, 8082] },
  };
const LOOPBACK = "127.0.0.1";
/** Between two instances of a machine that would have the same port. */
const STEP = 10;

/** Where a port of a container is on its machine. */
export interface Socket {
  readonly address: string;
  readonly port: number;
}

export interface Placed {
  readonly instance: string;
  readonly workload: WrittenWorkload;
  readonly machine: Machine;
  /** By the port of the container. */
  readonly sockets: ReadonlyMap<number, Socket>;
}

/**
 * Which instance is on which machine, and which ports it has there: those of its container, or higher ones where another
 * instance of the machine has them.
 */
export function placed(workloads: readonly WrittenWorkload[], machines: readonly Machine[]): Placed[] {
  const taken = new Set<string>();
  // The ports of edges are those that visitors know: they come first.
  const inOrder = [...workloads].sort((a, b) => Number(b.role === "edge") - Number(a.role === "edge") || 0);
  const found = inOrder.flatMap((workload) =>
    workload.nodes.map((instance) => {
      const machine = machines.find(({ instances }) => instances.includes(instance));
      if (machine === undefined) throw new RangeError(`${instance} is on no machine`);
      return { instance, workload, machine, sockets: socketsOf(workload, machine, taken) };
    }),
  );
  return workloads.flatMap((workload) => found.filter((one) => one.workload === workload));
}

function socketsOf(workload: WrittenWorkload, machine: Machine, taken: Set<string>): Map<number, Socket> {
  if (workload.role === "edge") {
    return new Map([
      ...workload.ports.map(({ address, host, container }) => {
        taken.add(`${machine.name}:${host}`);
        return [container, { address, port: host }] as const;
      }),
      // What it asks itself, such as the health of an application inside.
      ...ownPorts(workload).map((port) => [port, { address: LOOPBACK, port: free(port) }] as const),
    ]);
  }
  const { open: known, own } = PORTS[workload.role] ?? { open: [], own: [] };
  // A node listens in the ways that its edge or its balancer asked for.
  const open =
    workload.role === "app" ? known.filter((port) => mentions(workload, `0.0.0.0:${port}\n`)) : known;
  return new Map([
    ...open.map((port) => [port, { address: machine.address, port: free(port) }] as const),
    ...own.map((port) => [port, { address: LOOPBACK, port: free(port) }] as const),
  ]);

  function free(port: number): number {
    let candidate = port;
    while (taken.has(`${machine.name}:${candidate}`)) candidate += STEP;
    taken.add(`${machine.name}:${candidate}`);
    return candidate;
  }
}

/** Ports of the loopback interface that its configuration names. */
function ownPorts({ files, ports }: WrittenWorkload): readonly number[] {
  const named = Object.values(files).flatMap((content) =>
    [...content.matchAll(/(?<![\d.])127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port)),
  );
  return [...new Set(named)].filter((port) => !ports.some(({ container }) => container === port));
}

function mentions({ files }: WrittenWorkload, text: string): boolean {
  return Object.values(files).some((content) => content.includes(text));
}

/** Whether two workloads are on a network of both. */
export function areConnected(one: WrittenWorkload, other: WrittenWorkload): boolean {
  return one.networks.some(({ name }) => other.networks.some((network) => network.name === name));
}

/** The machines that have to reach an instance: those with a workload on the network that has its name. */
export function clientsOf({ workload, machine }: Placed, all: readonly Placed[]): readonly Machine[] {
  const clients = all
    .filter((other) => other.workload !== workload)
    .filter((other) => other.workload.networks.some(({ name }) => name === workload.name))
    .map((other) => other.machine);
  return [...new Set(clients)].filter((one) => one !== machine);
}
