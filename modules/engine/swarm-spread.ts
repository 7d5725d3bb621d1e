import type { Construct } from "constructs";
import type { HostRole } from "../hosts/host.ts";
import type { ClientAccess } from "./docker-provider.ts";
import { clientCommand, quoted } from "./shell.ts";
import { hostRoleLabel, type Owner } from "./swarm-placement.ts";
import { TerraformData } from "./terraform-data.ts";

export interface SpreadProps {
  /** The manager that is asked. */
  readonly client: ClientAccess;
  readonly owner: Owner;
  readonly role: HostRole;
  /** Names of the services, one for each node of a workload. */
  readonly services: readonly string[];
  /** Logical ids of these. */
  readonly nodes: readonly string[];
}

/**
 * Moves nodes of a workload apart after a release, as long as one host has two more of them than another one has.
 *
 * Swarm's scheduler spreads the tasks of one service, and each node is one of its own; nor does it ever move what runs.
 * Without this all nodes are on one host once another one was away, and each release takes them together to the next.
 * A move is a release of one node: it starts first, has to be healthy, and drains.
 */
export function spreadNodes(scope: Construct, workload: string, props: SpreadProps): TerraformData {
  const services = props.nodes.map((node) => `docker_service.${node}`);
  const spread = new TerraformData(scope, "spread", {
    triggersReplace: { role: props.role, services: [...props.services] },
    lifecycle: { replaceTriggeredBy: services },
    provisioners: [{ type: "local-exec", command: script(props) }],
  });
  // Names that the tree does not tell cdktf, as a reference would also be compared by its attributes.
  spread.addOverride("depends_on", services);
  spread.overrideLogicalId(`${workload}-spread`);
  return spread;
}

/** Of lines "host service", a service on the fullest host, if that has two more than the emptiest. */
const FULLEST = [
  "BEGIN { n = split(hosts, names); for (i = 1; i <= n; i++) count[names[i]] = 0 }",
  "{ count[$1]++; service[$1] = $2 }",
  "END {",
  "  for (host in count) {",
  '    if (most == "" || count[host] > count[most]) most = host',
  '    if (least == "" || count[host] < count[least]) least = host',
  "  }",
  "  if (count[most] - count[least] > 1) print service[most]",
  "}",
].join("\n");

function script({ client, owner, role, services }: SpreadProps): string {
  const docker = clientCommand(client);
  const list = services.map((service) => quoted(service)).join(" ");
  const up = `$2 == "Ready" && $3 == "Active" { print $1 }`;
  return [
    "set -eu",
    `hosts=$(${docker} node ls --filter node.label=${hostRoleLabel(role, owner)}=true --format '{{.ID}} {{.Status}} {{.Availability}}' | awk ${quoted(up)} | tr '\\n' ' ')`,
    // More moves than nodes are never needed.
    `for _ in ${list}; do`,
    `  crowded=$(for service in ${list}; do`,
    `    ${docker} service ps --no-resolve --filter desired-state=running --format '{{.Node}}' "$service" | head -n 1 | sed "s/$/ $service/"`,
    `  done | awk -v hosts="$hosts" ${quoted(FULLEST)})`,
    `  [ -n "$crowded" ] || break`,
    `  ${docker} service update --quiet --force "$crowded" >/dev/null || { echo "$crowded stays beside its like: it did not get healthy elsewhere." >&2; break; }`,
    "done",
    "",
  ].join("\n");
}
