import type { WrittenWorkload } from "../../modules/engine/written-workload.ts";
import type { Synthesized } from "./synthesized.ts";

/** Roles that pass requests on, and name those who answer them in their configuration. */
const FRONTS: readonly string[] = ["edge", "balancer"];

/** Who is on the network that leads to a workload: its users (docs/decisions/0001-networks-follow-uses.md). */
export function dependents(
  { name }: WrittenWorkload,
  all: readonly WrittenWorkload[],
): readonly WrittenWorkload[] {
  return all.filter(
    (other) => other.name !== name && other.networks.some((network) => network.name === name),
  );
}

/** What a workload uses or leads to, in the order of its networks. */
export function dependencies(
  { name, networks }: WrittenWorkload,
  all: readonly WrittenWorkload[],
): readonly WrittenWorkload[] {
  return networks.flatMap((network) =>
    all.filter((other) => other.name === network.name && other.name !== name),
  );
}

/** Ways in which edges and balancers ask the nodes of an application: ports, or protocols of Unix sockets. */
export function endpointsOf(app: WrittenWorkload, stack: Synthesized): readonly string[] {
  return [...new Set(fronts(app, stack).flatMap(({ ways }) => ways))].sort();
}

/** The edges and balancers that ask the nodes of an application. */
export function frontsOf(app: WrittenWorkload, stack: Synthesized): readonly WrittenWorkload[] {
  return fronts(app, stack)
    .filter(({ ways }) => ways.length > 0)
    .map(({ front }) => front);
}

function fronts({ name }: WrittenWorkload, { description }: Synthesized) {
  // Its nodes are called after it, with a number where there are several.
  const node = new RegExp(`(?<![\\w.-])${name}(?:-\\d+)?(:\\d+|\\.(?:uwsgi|fastcgi|http))(?![\\w.-])`, "g");
  return description.workloads
    .filter(({ role }) => FRONTS.includes(role))
    .map((front) => ({
      front,
      ways: Object.values(front.files).flatMap((text) =>
        [...text.matchAll(node)].flatMap(([, way]) => way ?? []),
      ),
    }));
}
