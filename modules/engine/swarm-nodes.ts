import type { Construct } from "constructs";
import { HOST_ROLES, type Host } from "../hosts/host.ts";
import type { ClientAccess } from "./docker-provider.ts";
import { clientCommand } from "./shell.ts";
import { hostLabel, hostRoleLabel, type Owner } from "./swarm-placement.ts";
import { TerraformData } from "./terraform-data.ts";

/** A host, and how Docker's client reaches it. */
export interface SwarmHost {
  readonly host: Host;
  readonly client: ClientAccess;
}

/**
 * Tells the Swarm what its nodes are for, by labels that placement asks for. Fails with a word of what to do where an
 * engine is no manager, or a host belongs to no Swarm or to another one.
 */
export function labelNodes(
  scope: Construct,
  owner: Owner,
  manager: SwarmHost,
  hosts: readonly SwarmHost[],
): TerraformData {
  const known = hosts.map(({ host: { name, engine, roles } }) => ({
    name: name.text,
    engine: engine ?? "",
    roles: [...roles],
  }));
  const nodes = new TerraformData(scope, "nodes", {
    triggersReplace: { label: hostLabel(owner), manager: manager.host.name.text, nodes: known },
    provisioners: [{ type: "local-exec", command: script(owner, manager, hosts) }],
  });
  nodes.overrideLogicalId("swarm-nodes");
  return nodes;
}

function script(owner: Owner, manager: SwarmHost, hosts: readonly SwarmHost[]): string {
  const lead = clientCommand(manager.client);
  const { name } = manager.host;
  const bootstrap = `npm run bootstrap -- ${owner.stack}`;
  return [
    "set -eu",
    "known=",
    `leads=$(${lead} info --format '{{.Swarm.ControlAvailable}}')`,
    `[ "$leads" = true ] || { echo "The engine of ${name} is no manager of a Swarm: docker swarm init makes it one, and ${bootstrap} does it for hosts." >&2; exit 1; }`,
    ...hosts.flatMap(({ host, client }) => [
      `node=$(${clientCommand(client)} info --format '{{.Swarm.NodeID}}')`,
      `${lead} node inspect "$node" >/dev/null 2>&1 || { echo "The host ${host.name} is no node of the Swarm of ${name}: ${bootstrap} joins it." >&2; exit 1; }`,
      `${lead} node update ${labels(host, owner)} "$node" >/dev/null`,
      'known="$known $node"',
    ]),
    // Nodes that the stack has given up would be given tasks, whose images nobody brings there any more.
    `for node in $(${lead} node ls --quiet --filter node.label=${hostLabel(owner)}); do`,
    `  case "$known " in *" $node "*) ;; *) ${lead} node update ${unlabels(owner)} "$node" >/dev/null ;; esac`,
    "done",
    "",
  ].join("\n");
}

function labels({ name, roles }: Host, owner: Owner): string {
  return [
    `--label-add ${hostLabel(owner)}=${name}`,
    ...HOST_ROLES.map((role) => `--label-add ${hostRoleLabel(role, owner)}=${roles.includes(role)}`),
  ].join(" ");
}

function unlabels(owner: Owner): string {
  return [hostLabel(owner), ...HOST_ROLES.map((role) => hostRoleLabel(role, owner))]
    .map((label) => `--label-rm ${label}`)
    .join(" ");
}
