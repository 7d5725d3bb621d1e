import { InvalidValue } from "../../values/invalid-value.ts";
import type { Placed } from "./placement.ts";
import { volumeFolder } from "./relocation.ts";

/** Where an edge finds the Unix sockets of applications. */
const SOCKETS = "/run/sockets/";
/** Of `sun_path`, which a null byte ends: unix(7). */
const LONGEST = 107;
const TCP = 'write server: Lighttpd.fastCgi({ over: "tcp" })';

/** @throws InvalidValue for Unix sockets that an edge cannot connect to: on another machine, or with too long a path */
export function requireUnixSockets(stack: string, all: readonly Placed[]): void {
  for (const edge of all.filter(({ workload }) => workload.role === "edge")) {
    for (const volume of edge.workload.volumes.filter(({ path }) => path.startsWith(SOCKETS))) {
      const nodes = all.filter(
        ({ workload }) =>
          workload !== edge.workload && workload.volumes.some(({ name }) => name === volume.name),
      );
      requireOneMachine(edge, nodes);
      requireShort(edge, volume.path, volumeFolder(stack, volume.name));
    }
  }
}

function requireOneMachine(edge: Placed, nodes: readonly Placed[]): void {
  const apart = nodes.filter(({ machine }) => machine !== edge.machine);
  if (apart.length === 0) return;
  throw new InvalidValue({
    what: `machines of ${edge.workload.path}`,
    got: `${edge.instance} on ${edge.machine.name}, ${apart.map(({ instance, machine }) => `${instance} on ${machine.name}`).join(", ")}`,
    allowed: "one machine for an edge and the nodes that it reaches by Unix sockets",
    fix: `Put them on one machine, or ${TCP}`,
  });
}

function requireShort({ workload }: Placed, path: string, folder: string): void {
  const paths = Object.values(workload.files).flatMap((content) =>
    content.match(/\/run\/sockets\/[\w./-]+/g),
  );
  for (const found of paths) {
    if (!found?.startsWith(`${path}/`)) continue;
    const there = `${folder}${found.slice(path.length)}`;
    if (there.length <= LONGEST) continue;
    throw new InvalidValue({
      what: `path of a Unix socket of ${workload.path}`,
      got: there,
      allowed: `at most ${LONGEST} characters, for Linux takes no more`,
      fix: `Give the stack or the application a shorter name, or ${TCP}`,
    });
  }
}
