import type { ExportedInstance } from "./exported-instance.ts";
import type { Family } from "./family.ts";
import type { Mount } from "./mount-unit.ts";

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
    ...firsts.map(({ path, requirements }) => `venv ${path} ${requirements.join(" ")}`),
    ...instances.filter(({ venv }) => venv !== undefined).map(({ placed }) => `layout ${placed.instance}`),
    ...instances.flatMap(({ placed }) =>
      [...placed.sockets.values()].map(({ address, port }) => `port ${address} ${port} ${placed.instance}`),
    ),
    ...instances.map(instanceLine),
  ];
  return `# Written by Slipway: what the script "install" beside it does. In the order in which they start, instances tell
# account, seconds that a stop may take, seconds until it is healthy, the program that says so, and the folder of secrets.
${lines.join("\n")}
`;
}

function instanceLine({ placed, account, service, secrets }: ExportedInstance): string {
  const { stop, patience, health } = service;
  return `instance ${placed.instance} ${account.name} ${stop.grace} ${patience} ${health} ${secrets ?? "-"}`;
}

const each = (kind: string, values: readonly string[]) => values.map((value) => `${kind} ${value}`);
