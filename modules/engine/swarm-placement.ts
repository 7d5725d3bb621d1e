import type { Host, HostRole } from "../hosts/host.ts";
import { Label } from "./labels.ts";
import type { Role, VolumeMount, Workload } from "./workload.ts";

/** Where what plays a part belongs; undefined: beside what it works with. */
const BELONGS_TO: Readonly<Record<Role, HostRole | undefined>> = {
  edge: "edge",
  acme: "edge",
  publisher: "edge",
  balancer: "web",
  app: "web",
  job: "web",
  cache: "web",
  database: "db",
  replica: "db",
  pooler: "db",
  backup: undefined,
  storage: "storage",
};
/** Without anything to be beside of. */
const ELSEWHERE: HostRole = "db";

/** On which hosts a workload may run. */
export interface Placement {
  readonly role: HostRole;
  /** Those that fit, in the order of the target; what is pinned runs on the first of them and nowhere else. */
  readonly hosts: readonly Host[];
  /** Its files are on the disk of one host. */
  readonly pinned: boolean;
  /** The workloads that have to run beside it, because they share files; its own name included. */
  readonly beside: readonly string[];
}

/** The placement of each workload, by its name. */
export function placementsOf(
  workloads: readonly Workload[],
  hosts: readonly Host[],
): ReadonlyMap<string, Placement> {
  return new Map(
    workloads.map((workload) => {
      const group = besides(workload, workloads);
      const pinned = workload.volumes.some(isLocal);
      const wanted = group.flatMap(({ role }) => BELONGS_TO[role] ?? []);
      const roles = wanted.length > 0 ? [...new Set(wanted)] : [ELSEWHERE];
      const placement: Placement = {
        role: BELONGS_TO[workload.role] ?? roles[0] ?? ELSEWHERE,
        hosts: hosts.filter((host) => roles.every((role) => host.roles.includes(role))),
        pinned,
        beside: group.map(({ name }) => name.text),
      };
      return [workload.name.text, placement];
    }),
  );
}

/** Whose labels of a Swarm's nodes are meant: several stacks may share the Swarm, and call its hosts otherwise. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
}

/** What the scheduler is asked for. */
export function constraintOf({ role, hosts, pinned }: Placement, owner: Owner): string {
  const [first] = hosts;
  return pinned && first !== undefined
    ? onHost(first, owner)
    : `node.labels.${hostRoleLabel(role, owner)} == true`;
}

/** One host and no other. */
export const onHost = ({ name }: Host, owner: Owner): string => `node.labels.${hostLabel(owner)} == ${name}`;

/** Label of a Swarm's node that says which host of a stack it is. */
export const hostLabel = ({ project, stack }: Owner): string => `${Label.host}.${project}.${stack}`;

/** Label of a Swarm's node that says whether it plays a part. */
export const hostRoleLabel = (role: HostRole, owner: Owner): string => `${hostLabel(owner)}.${role}`;

/** Whether files are on the disk of one host, and nowhere else. */
export const isLocal = ({ volume: { storage, published = false } }: VolumeMount): boolean =>
  storage.reachable === "one host" && !published;

/** The workloads that share local volumes with one, and with those, and so on; itself included. */
function besides(workload: Workload, all: readonly Workload[]): readonly Workload[] {
  const group = new Set([workload]);
  const volumes = new Set<string>();
  // A set that grows while it is walked is walked to its end.
  for (const member of group) {
    for (const { volume } of member.volumes.filter(isLocal)) volumes.add(volume.name);
    for (const other of all) {
      if (other.volumes.some((mount) => isLocal(mount) && volumes.has(mount.volume.name))) group.add(other);
    }
  }
  return all.filter((one) => group.has(one));
}
