/**
 * What mounts the files of a server of the stack waits until that server is healthy, and does not depend on its container:
 * Terraform would spread the nodes' create-before-destroy to it, and two servers would want one port and one name
 * (docs/decisions/0004-containers-do-not-depend-on-each-other.md). So a resource of its own waits, which knows of the
 * container only what it is called.
 */
import { DataResource } from "cdktf";
import { Construct } from "constructs";
import type { ClientAccess } from "./docker-provider.ts";
import { Label } from "./labels.ts";
import { clientCommand, quoted } from "./shell.ts";
import type { Workload } from "./workload.ts";

export interface StorageServerProps {
  /** Logical name of the container. */
  readonly node: string;
  /** Of the container on the engine. */
  readonly name: string;
  /** Logical name of its image: a build that fails ends the wait before it begins. */
  readonly image: string;
  readonly client: ClientAccess;
  /** What the labels of the container that is waited for say; expressions. */
  readonly release: string;
  readonly generation: string;
  /** How long it may take until it is healthy, in seconds, once its image is there. */
  readonly patience: number;
}

/** From its image to its container, in seconds: the former has to stop first. */
const START = 300;

/** Whether any workload mounts what this one serves. */
export function servesStorage({ name }: Workload, all: readonly Workload[]): boolean {
  return all.some((other) => serverNames(other).includes(name.text));
}

/** References to what waits for the servers of a workload's files. */
export function serversOf(workload: Workload): readonly string[] {
  return serverNames(workload).map((name) => `terraform_data.${idOf(name)}`);
}

/** Names of the workloads of the stack that serve the files which a workload mounts, each once. */
function serverNames({ volumes }: Workload): readonly string[] {
  return [...new Set(volumes.flatMap(({ volume }) => volume.storage.servedBy?.text ?? []))];
}

const idOf = (node: string): string => `${node}-serves`;

/** Waits, whenever the container of a server is another one, until it is there and healthy. */
export function awaitServer(scope: Construct, props: StorageServerProps): DataResource {
  const { node, name, image, release, generation } = props;
  const data = new DataResource(new Construct(scope, `serves-${node}`), node, {
    triggersReplace: { name, release, generation },
    provisioners: [
      {
        type: "local-exec",
        command: script(props),
        environment: { SERVER: name, WANTED: `${release}/${generation}/healthy` },
      },
    ],
  });
  data.overrideLogicalId(idOf(node));
  data.addOverride("depends_on", [`docker_image.${image}`]);
  return data;
}

/** Shell that Terraform runs: two limits, as a container that is there has not to be made any more. */
function script({ client, patience }: StorageServerProps): string {
  const label = (name: string) => `{{index .Config.Labels "${name}"}}`;
  const format = `${label(Label.release)}/${label(Label.generation)}/{{.State.Health.Status}}`;
  return `set -eu
seconds=0 wanted_since=
while :; do
  found=$(${clientCommand(client)} container inspect --format ${quoted(format)} "$SERVER" 2>/dev/null) || found=missing
  [ "$found" != "$WANTED" ] || exit 0
  case "$found" in "\${WANTED%/*}"/*) wanted_since=\${wanted_since:-$seconds} ;; esac
  if [ "$seconds" -ge ${START + patience} ] || [ $((seconds - \${wanted_since:-$seconds})) -ge ${patience} ]; then
    echo "The file server $SERVER is not healthy, so nothing can mount its files: npm run logs shows why." >&2
    exit 1
  fi
  sleep 1
  seconds=$((seconds + 1))
done
`.replaceAll("${", () => "$${");
}
