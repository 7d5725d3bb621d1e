import type { ExportedInstance } from "./exported-instance.ts";
import { type Family, postgresOf } from "./family.ts";
import type { Mount } from "./mount-unit.ts";
import { volumeFolder } from "./relocation.ts";

/** A folder that the installation makes. */
export interface Folder {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
}

export interface Plan {
  readonly stack: string;
  readonly family: Family;
  readonly instances: readonly ExportedInstance[];
  readonly folders: readonly Folder[];
  readonly mounts: readonly Mount[];
  readonly hasFirewall: boolean;
}

/** What the script of a machine reads: a line for each thing, its kind first. */
export function planText({ stack, family, instances, folders, mounts, hasFirewall }: Plan): string {
  const packages = [
    "iproute2",
    ...instances.flatMap((one) => one.packages),
    ...mounts.flatMap((one) => one.packages),
    ...(hasFirewall ? ["nftables"] : []),
  ].map((name) => family.names[name] ?? name);
  const accounts = instances.flatMap(({ account: { name, id } }) =>
    id === undefined ? [] : [`${name} ${id}`],
  );
  const venvs = instances.flatMap(({ venv }) => (venv === undefined ? [] : [venv]));
  // Nodes of one application have one environment: the requirements of the first.
  const firsts = venvs.filter((one, at) => venvs.findIndex(({ path }) => path === one.path) === at);
  const lines = [
    `stack ${stack}`,
    `family ${family.name}`,
    `scripts ${family.initFolder}`,
    ...each("package", [...new Set(packages)].sort()),
    ...each("own", family.ownServices),
    ...each("account", [...new Set(accounts)]),
    ...folders.map(({ path, owner, group, mode }) => `folder ${path} ${owner} ${group} ${mode}`),
    ...mounts.map(({ unit }) => `mount ${unit}`),
    ...instances.flatMap((one) => linksOf(stack, one)),
    ...instances.flatMap((one) => clusterOf(stack, one)),
    ...firsts.map(({ path, requirements }) => `venv ${path} ${requirements.join(" ")}`),
    ...instances.filter(({ venv }) => venv !== undefined).map(({ placed }) => `layout ${placed.instance}`),
    ...instances.flatMap(({ placed, build }) =>
      build === undefined ? [] : [`build ${placed.instance} ${build}`],
    ),
    ...instances.flatMap(({ placed }) =>
      [...placed.sockets.values()].map(({ address, port }) => `port ${address} ${port} ${placed.instance}`),
    ),
    ...instances.flatMap((one) => unknownPorts(family, one)),
    ...instances.map(instanceLine),
    "end",
  ];
  return `# Written by Slipway: what the script "install" beside it does. In the order in which they start, instances tell
# account, seconds that a stop may take, seconds until it is healthy, the program that says so, and the folder of secrets.
${lines.join("\n")}
`;
}

/** Some programs put the path of a shared folder together: each is where they look. */
function linksOf(stack: string, { placed }: ExportedInstance): readonly string[] {
  return placed.workload.volumes.flatMap(({ name, path }) => {
    const [, folder] = /^\/srv\/shared\/([^/]+)$/.exec(path) ?? [];
    return folder === undefined
      ? []
      : [`link /var/lib/slipway/${stack}/${placed.instance}/shared/${folder} ${volumeFolder(stack, name)}`];
  });
}

/** The folder of the data of a database, and the version that it has to be of. */
function clusterOf(stack: string, { placed }: ExportedInstance): readonly string[] {
  const { workload } = placed;
  const version = postgresOf(workload.image);
  const data = workload.volumes.find(({ path }) => path === "/var/lib/postgresql");
  return version === undefined || data === undefined
    ? []
    : [`cluster ${volumeFolder(stack, data.name)} ${version}`];
}

/** Ports of a confined program that the policy of SELinux does not know as such. */
function unknownPorts({ confined }: Family, { placed }: ExportedInstance): readonly string[] {
  const known = confined[placed.workload.image];
  if (known === undefined) return [];
  return [...placed.sockets.values()]
    .filter(({ port }) => !known.ports.includes(port))
    .map(({ port }) => `selinux ${known.type} ${port} ${placed.instance}`);
}

function instanceLine({ placed, account, service, secrets }: ExportedInstance): string {
  const { stop, patience, health } = service;
  return `instance ${placed.instance} ${account.name} ${stop.grace} ${patience} ${health} ${secrets ?? "-"}`;
}

const each = (kind: string, values: readonly string[]) => values.map((value) => `${kind} ${value}`);
