import { DataResource } from "cdktf";
import type { Construct } from "constructs";
import { HOST_ROLES, type Host } from "../hosts/host.ts";
import type { ClientAccess } from "./docker-provider.ts";
import { Label } from "./labels.ts";
import { clientCommand } from "./shell.ts";
import { hostRoleLabel } from "./swarm-placement.ts";

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
  stack: string,
  manager: SwarmHost,
  hosts: readonly SwarmHost[],
): DataResource {
  const known = hosts.map(({ host: { name, engine, roles } }) => ({
    name: name.text,
    engine: engine ?? "",
    roles: [...roles],
  }));
  const nodes = new DataResource(scope, "nodes", {
    triggersReplace: { manager: manager.host.name.text, nodes: known },
    provisioners: [{ type: "local-exec", command: script(stack, manager, hosts) }],
  });
  nodes.overrideLogicalId("swarm-nodes");
  return nodes;
}

function script(stack: string, manager: SwarmHost, hosts: readonly SwarmHost[]): string {
  const lead = clientCommand(manager.client);
  const { name } = manager.host;
  const bootstrap = `npm run bootstrap -- ${stack}`;
  return [
    "set -eu",
    `leads=$(${lead} info --format '{{.Swarm.ControlAvailable}}')`,
    `[ "$leads" = true ] || { echo "The engine of ${name} is no manager of a Swarm: docker swarm init makes it one, and ${bootstrap} does it for hosts." >&2; exit 1; }`,
    ...hosts.flatMap(({ host, client }) => [
      `node=$(${clientCommand(client)} info --format '{{.Swarm.NodeID}}')`,
      `${lead} node inspect "$node" >/dev/null 2>&1 || { echo "The host ${host.name} is no node of the Swarm of ${name}: ${bootstrap} joins it." >&2; exit 1; }`,
      `${lead} node update ${labels(host)} "$node" >/dev/null`,
    ]),
    "",
  ].join("\n");
}

function labels({ name, roles }: Host): string {
  return [
    `--label-add ${Label.host}=${name}`,
    ...HOST_ROLES.map((role) => `--label-add ${hostRoleLabel(role)}=${roles.includes(role)}`),
  ].join(" ");
}
