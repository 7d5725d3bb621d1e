import type { DockerResources, Json, Resource, Synthesized } from "../resources.ts";

/** What Terraform's state knows of a container. */
export interface Deployed {
  readonly name: string;
  readonly labels: readonly { readonly label: string; readonly value: string }[];
}

const TYPES = ["docker_image", "docker_network", "docker_volume", "docker_container"] as const;

/**
 * The same resources for Terraform and its provider alone, in the way of somebody who writes every name down: no look
 * at what runs, no name that follows from the release, nothing that is done after a container was made.
 * @param deployed containers by their name in Terraform; for those that do not run yet any name does
 */
export function bareStack(
  { terraform, provider, resource }: Synthesized & { readonly provider: Json },
  state: string,
  deployed: ReadonlyMap<string, Deployed>,
): Json {
  const { docker_image, docker_network, docker_volume, docker_container } = resource;
  const known: DockerResources = { docker_image, docker_network, docker_volume, docker_container };
  const container = ([id, of]: [string, Resource]): [string, Json] => {
    const { name = id, labels = [] } = deployed.get(id) ?? {};
    return [id, { ...of, name, labels }];
  };
  return {
    terraform: { ...(terraform as object), backend: { local: { path: state } } },
    provider,
    resource: Object.fromEntries(
      TYPES.filter((type) => known[type] !== undefined).map((type) => [
        type,
        type === "docker_container"
          ? Object.fromEntries(Object.entries(known[type]).map(container))
          : (known[type] as Json),
      ]),
    ),
  };
}

/** The containers of a state file. */
export function deployedIn(state: string): ReadonlyMap<string, Deployed> {
  const { resources = [] }: State = JSON.parse(state);
  return new Map(
    resources
      .filter(({ mode, type }) => mode === "managed" && type === "docker_container")
      .flatMap(({ name, instances }) => instances.slice(0, 1).map(({ attributes }) => [name, attributes])),
  );
}

interface State {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Deployed }[];
  }[];
}
