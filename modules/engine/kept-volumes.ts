/**
 * Volumes with data that no deploy may destroy. The engine's own client makes them, and Terraform never knows them: what it
 * never had it cannot destroy, whatever becomes of a stack (docs/decisions/0020-kept-volumes.md).
 */
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Name } from "../values/name.ts";
import { isOf } from "./docker-containers.ts";
import type { ClientAccess } from "./docker-provider.ts";
import { Label } from "./labels.ts";
import { clientCommand, quoted } from "./shell.ts";
import { TerraformData } from "./terraform-data.ts";
import { literal } from "./terraform-text.ts";
import type { Volume } from "./volume.ts";
import type { Workload } from "./workload.ts";

export interface KeptVolumeProps {
  readonly volume: Volume;
  /** On the engine. */
  readonly name: string;
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly client: ClientAccess;
  /** Where it is, of several hosts. @default the only one */
  readonly place?: KeptVolumePlace;
}

export interface KeptVolumePlace {
  readonly host: string;
  /** The others, one of which may have it already. */
  readonly elsewhere: readonly { readonly host: { readonly name: Name }; readonly client: ClientAccess }[];
}

/**
 * Makes a volume before the containers that depend on the resource which this gives, unless it is there. One that is there
 * with other options fails the deployment: the engine would take it as it is.
 */
export function keptVolume(scope: Construct, props: KeptVolumeProps): TerraformData {
  const { volume, name, place } = props;
  const options = Object.entries(volume.storage.driverOptions(volume.folder)).sort();
  const data = new TerraformData(new Construct(scope, `volume-${volume.name}`), volume.name, {
    triggersReplace: { name, storage: literal(storageOf(volume)), ...(place && { host: place.host }) },
    provisioners: [{ type: "local-exec", command: script(props, options) }],
  });
  data.overrideLogicalId(keptVolumeId(volume.name));
  return data;
}

/** Logical name of the resource that makes a volume. */
export function keptVolumeId(volume: string): string {
  return `${volume}-volume`;
}

function script(
  { name, labels, client, place }: KeptVolumeProps,
  options: readonly (readonly [string, string])[],
): string {
  const words = [
    ...labels.map(({ label, value }) => `--label ${quoted(`${label}=${value}`)}`),
    ...options.map(([key, value]) => `--opt ${quoted(`${key}=${value}`)}`),
  ];
  const docker = clientCommand(client);
  const wanted = options.map(([key, value]) => `${key}=${value};`).join("");
  return `set -eu
${place === undefined ? "" : refuseElsewhere(docker, name, place)}${docker} volume create ${words.join(" ")} ${quoted(name)} >/dev/null
found=$(${docker} volume inspect --format '{{range $key, $value := .Options}}{{$key}}={{$value}};{{end}}' ${quoted(name)})
[ "$found" != ${quoted(wanted)} ] || exit 0
echo "The volume ${name} is there with other options: $found" >&2
exit 1
`;
}

/** A volume of one host does not follow its workload to another, which would begin there with nothing. */
function refuseElsewhere(docker: string, name: string, { host, elsewhere }: KeptVolumePlace): string {
  const others = elsewhere.map(
    (other) => `  if ${clientCommand(other.client)} volume inspect ${quoted(name)} >/dev/null 2>&1; then
    echo "The volume ${name} is on the host ${other.host.name}, and would be empty on ${host}: its files do not move by themselves. Put ${other.host.name} before ${host} among the hosts in cdktf.json, or move the files first (docs/swarm.md)." >&2
    exit 1
  fi
`,
  );
  if (others.length === 0) return "";
  return `if ! ${docker} volume inspect ${quoted(name)} >/dev/null 2>&1; then
${others.join("")}fi
`;
}

/** What a container says of the storage of a volume that it mounts. */
export function storageLabel(volume: Volume): { readonly label: string; readonly value: string } {
  return { label: `${Label.storage}.${volume.name}`, value: literal(storageOf(volume)) };
}

/**
 * Refuses a plan that would mount a volume with other options than it was made with: the engine would ignore them, and
 * the files would be elsewhere than the stack says.
 */
export function sameStorage(volume: Volume): { readonly condition: string; readonly errorMessage: string } {
  const declared = JSON.stringify(literal(storageOf(volume)));
  const mounted = `lookup(local.storages, "${volume.name}", [])`;
  return {
    condition: `\${alltrue([for s in ${mounted} : s == ${declared}])}`,
    errorMessage:
      `The volume ${volume.name} lies on \${join(", ", distinct(${mounted}))}, and the stack says ${literal(storageOf(volume))}. ` +
      "Its files do not move by themselves: docs/operations.md, Another storage.",
  };
}

/** Names of the volumes of a plan that are kept, each once, ascending. */
export function keptVolumes(workloads: readonly Workload[]): string[] {
  const mounts = workloads.flatMap(({ volumes }) => volumes);
  return [...new Set(mounts.flatMap(({ volume }) => (volume.keep ? volume.name : [])))].sort();
}

/** Reads at each plan which storage the containers of a stack say their volumes are on; see `forgetVolumes` as well. */
export function keepVolumes(stack: TerraformStack, project: string, volumes: readonly string[]): void {
  if (volumes.length === 0) return;
  const prefix = `${Label.storage}.`;
  stack.addOverride(
    "locals.storages",
    "${{for s in flatten([for c in data.docker_containers.all.containers : [for label, value in c.labels :" +
      ` { volume = trimprefix(label, "${prefix}"), on = value } if startswith(label, "${prefix}")]` +
      ` if ${isOf(project, stack.node.id)}]) : s.volume => s.on...}}`,
  );
  forgetVolumes(stack, volumes);
}

/** Lets Terraform forget volumes of these names that an earlier version had made with it, where it would destroy them. */
export function forgetVolumes(stack: TerraformStack, volumes: readonly string[]): void {
  if (volumes.length === 0) return;
  stack.addOverride(
    "removed",
    volumes.map((name) => ({ from: `docker_volume.${name}`, lifecycle: { destroy: false } })),
  );
}

function storageOf(volume: Volume): string {
  const options = Object.entries(volume.storage.driverOptions(volume.folder));
  return options.map(([key, value]) => `${key}=${value}`).join(" ") || "the engine's own disk";
}
