import type { Host } from "../hosts/host.ts";
import { Name } from "../values/name.ts";
import { Size } from "../values/size.ts";
import { nodeNames } from "./node-names.ts";
import type { Placement } from "./swarm-placement.ts";
import type { Workload } from "./workload.ts";

/** What lays published files out on a host for who reads them there, as the nodes that write them may run elsewhere. */
export interface Publisher {
  readonly workload: Workload;
  readonly node: string;
  readonly host: Host;
}

/** In place of the image's own, which waits for databases and rehearses; see modules/app/image/slipway_node/publish.py. */
export const PUBLISH = ["/srv/venv/bin/python", "-m", "slipway_node.publish"];

/** The publishers that a Swarm needs: one for each host of an edge. */
export function publishersOf(
  workloads: readonly Workload[],
  placements: ReadonlyMap<string, Placement>,
): readonly Publisher[] {
  return workloads.flatMap((writer) =>
    writer.volumes
      .filter(({ volume, readOnly = false }) => volume.published === true && !readOnly)
      .flatMap((mount) => {
        const readers = workloads.filter(({ volumes }) =>
          volumes.some(({ volume, readOnly = false }) => readOnly && volume.name === mount.volume.name),
        );
        const hosts = [...new Set(readers.flatMap(({ name }) => hostsOf(placements.get(name.text))))];
        const workload: Workload = {
          name: Name.of(mount.volume.name),
          role: "publisher",
          image: writer.image,
          replicas: hosts.length,
          user: writer.user,
          environment: { SLIPWAY_STATIC: writer.environment.SLIPWAY_STATIC ?? "" },
          files: [],
          secrets: [],
          volumes: [mount],
          networks: [],
          ports: [],
          health: { command: ["test", "-e", "/tmp/published"], startPeriod: writer.health.startPeriod },
          limits: { memory: Size.mebibytes(64) },
          capabilities: [],
          stop: writer.stop,
          release: "start-first",
        };
        const nodes = nodeNames(workload.name, hosts.length);
        return hosts.map((host, at) => ({ workload, host, node: nodes[at] ?? workload.name.text }));
      }),
  );
}

function hostsOf(placement: Placement | undefined): readonly Host[] {
  const { hosts = [], pinned = false } = placement ?? {};
  return pinned ? hosts.slice(0, 1) : hosts;
}
