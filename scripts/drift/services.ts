import { plain } from "../../modules/engine/terraform-text.ts";
import { docker } from "../stack/docker.ts";
import { imageId } from "../stack/images.ts";
import type { Stack } from "../stack/stack.ts";
import { HERE, type StackHost } from "../stack/stack-host.ts";
import { objectsOf } from "../stack/swarm-leftovers.ts";
import { type Difference, differences } from "./differences.ts";
import type { Expected } from "./expected.ts";
import type { Found } from "./found.ts";
import { type NamedResources, nameIn } from "./references.ts";

/** How a service of a Swarm differs from its declaration. */
export interface ServiceDrift extends Difference {
  /** Of the service. */
  readonly name: string;
  /** Undefined for a service that nothing declares. */
  readonly node: string | undefined;
}

/** A service as it was declared, under the name that it has on the Swarm. */
export interface ExpectedService extends Expected {
  readonly name: string;
}

/**
 * Compares the services of a stack with what its text declares. Files and secrets are objects that cannot change, whose names
 * tell their content; what runs of a service is the Swarm's own matter, and `npm run status` shows it.
 * @param json content of `cdk.tf.json`
 */
export async function driftOfServices(
  stack: Stack,
  manager: StackHost,
  json: string,
): Promise<readonly ServiceDrift[]> {
  const objects = await objectsOf(manager, stack, ["service", "network"]);
  const networks = new Map(
    objects.filter(({ kind }) => kind === "network").map(({ id, name }) => [id, name]),
  );
  const ids = objects.filter(({ kind }) => kind === "service").map(({ id }) => id);
  const text = ids.length === 0 ? "[]" : await docker(["service", "inspect", ...ids], { host: manager });
  const found = parseServices(text, networks);
  const expected = expectedServices(json);
  const drifts = await Promise.all(
    expected.map(async ({ name, ...service }): Promise<readonly ServiceDrift[]> => {
      const one = found.get(name);
      const { node } = service;
      if (one === undefined) return [{ name, node, field: "service", declared: "there", found: "none" }];
      const image = await imageId(HERE, service.image);
      return differences(service, one, image, undefined).map((difference) => ({ name, node, ...difference }));
    }),
  );
  const strays = [...found.keys()]
    .filter((name) => !expected.some((service) => service.name === name))
    .map((name) => ({ name, node: undefined, field: "service", declared: "–", found: "there" }));
  return [...drifts.flat(), ...strays];
}

/** Reads `cdk.tf.json`. */
export function expectedServices(json: string): readonly ExpectedService[] {
  const { resource = {} }: { resource?: Resources } = JSON.parse(json);
  const nameOf = (text: string) => nameIn(resource, text);
  return Object.entries(resource.docker_service ?? {}).map(
    ([node, { name, labels, mode, endpoint_spec, task_spec }]) => {
      const { container_spec: container, networks_advanced, placement, resources } = task_spec;
      return {
        node,
        name: plain(name),
        image: nameOf(container.image),
        fields: {
          user: [container.user],
          command: (container.args ?? []).map(plain),
          env: Object.entries(container.env).map(([key, value]) => `${key}=${plain(value)}`),
          labels: labels.map(({ label, value }) => `${label}=${plain(value)}`),
          mounts: (container.mounts ?? []).map((mount) =>
            mountOf(mount.type, nameOf(mount.source ?? ""), mount),
          ),
          networks: networks_advanced.map(({ id }) => nameOf(id)),
          ports: (endpoint_spec.ports ?? []).map(
            (port) => `${port.published_port}->${port.target_port} (${port.publish_mode})`,
          ),
          placement: placement.constraints.map(plain),
          capabilities: container.cap_add ?? [],
          memory: [`${resources.limits.memory_bytes}`],
          cpus: resources.limits.nano_cpus === undefined ? [] : [`${resources.limits.nano_cpus / 1e9}`],
          files: (container.configs ?? []).map((one) => `${one.file_name}: ${nameOf(one.config_name)}`),
          secrets: (container.secrets ?? []).map((one) => `${one.file_name}: ${nameOf(one.secret_name)}`),
          replicas: [`${mode.replicated.replicas}`],
        },
        files: {},
      };
    },
  );
}

/**
 * Reads what `docker service inspect` prints, by the names of the services.
 * @param networks names by whole ids
 */
export function parseServices(
  json: string,
  networks: ReadonlyMap<string, string>,
): ReadonlyMap<string, Found> {
  const services: readonly InspectedService[] = JSON.parse(json);
  return new Map(
    services.map(({ Spec: { Name, Labels, Mode, EndpointSpec, TaskTemplate } }) => {
      const { ContainerSpec: container, Networks, Placement, Resources } = TaskTemplate;
      const { MemoryBytes = 0, NanoCPUs = 0 } = Resources?.Limits ?? {};
      return [
        Name,
        {
          image: container.Image,
          fields: {
            user: [container.User ?? ""],
            command: container.Args ?? [],
            env: container.Env ?? [],
            labels: Object.entries(Labels).map(([label, value]) => `${label}=${value}`),
            mounts: (container.Mounts ?? []).map(({ Type, Source = "", Target, ReadOnly = false }) =>
              mountOf(Type, Source, { target: Target, read_only: ReadOnly }),
            ),
            networks: (Networks ?? []).map(({ Target }) => networks.get(Target) ?? Target),
            ports: (EndpointSpec?.Ports ?? []).map(
              (port) => `${port.PublishedPort}->${port.TargetPort} (${port.PublishMode})`,
            ),
            placement: Placement?.Constraints ?? [],
            capabilities: container.CapabilityAdd ?? [],
            memory: [`${MemoryBytes}`],
            cpus: NanoCPUs === 0 ? [] : [`${NanoCPUs / 1e9}`],
            files: (container.Configs ?? []).map(({ File, ConfigName }) => `${File.Name}: ${ConfigName}`),
            secrets: (container.Secrets ?? []).map(({ File, SecretName }) => `${File.Name}: ${SecretName}`),
            replicas: [`${Mode.Replicated?.Replicas ?? "global"}`],
          },
        },
      ];
    }),
  );
}

function mountOf(
  type: string,
  source: string,
  { target, read_only }: { readonly target: string; readonly read_only?: boolean },
): string {
  return `${type === "tmpfs" ? type : source}:${target}:${read_only === true ? "ro" : "rw"}`;
}

interface Resources extends NamedResources {
  readonly docker_service?: Readonly<Record<string, ServiceResource>>;
}

interface ServiceResource {
  readonly name: string;
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly mode: { readonly replicated: { readonly replicas: number } };
  readonly endpoint_spec: {
    readonly ports?: readonly {
      readonly published_port: number;
      readonly target_port: number;
      readonly publish_mode: string;
    }[];
  };
  readonly task_spec: {
    readonly container_spec: {
      readonly image: string;
      readonly user: string;
      readonly args?: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cap_add?: readonly string[];
      readonly mounts?: readonly {
        readonly type: string;
        readonly source?: string;
        readonly target: string;
        readonly read_only?: boolean;
      }[];
      readonly configs?: readonly { readonly file_name: string; readonly config_name: string }[];
      readonly secrets?: readonly { readonly file_name: string; readonly secret_name: string }[];
    };
    readonly networks_advanced: readonly { readonly id: string }[];
    readonly placement: { readonly constraints: readonly string[] };
    readonly resources: { readonly limits: { readonly memory_bytes: number; readonly nano_cpus?: number } };
  };
}

interface InspectedService {
  readonly Spec: {
    readonly Name: string;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Mode: { readonly Replicated?: { readonly Replicas?: number } };
    readonly EndpointSpec?: {
      readonly Ports?: readonly {
        readonly PublishedPort: number;
        readonly TargetPort: number;
        readonly PublishMode: string;
      }[];
    };
    readonly TaskTemplate: {
      readonly ContainerSpec: {
        readonly Image: string;
        readonly User?: string;
        readonly Args?: readonly string[];
        readonly Env?: readonly string[];
        readonly CapabilityAdd?: readonly string[];
        readonly Mounts?: readonly {
          readonly Type: string;
          readonly Source?: string;
          readonly Target: string;
          readonly ReadOnly?: boolean;
        }[];
        readonly Configs?: readonly {
          readonly ConfigName: string;
          readonly File: { readonly Name: string };
        }[];
        readonly Secrets?: readonly {
          readonly SecretName: string;
          readonly File: { readonly Name: string };
        }[];
      };
      readonly Networks?: readonly { readonly Target: string }[];
      readonly Placement?: { readonly Constraints?: readonly string[] };
      readonly Resources?: {
        readonly Limits?: { readonly MemoryBytes?: number; readonly NanoCPUs?: number };
      };
    };
  };
}
