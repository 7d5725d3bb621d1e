import { join } from "node:path";
import { Config } from "@cdktf/provider-docker/lib/config/index.js";
import { Network as DockerNetwork } from "@cdktf/provider-docker/lib/network/index.js";
import { Secret } from "@cdktf/provider-docker/lib/secret/index.js";
import {
  Service,
  type ServiceTaskSpecContainerSpecConfigs,
  type ServiceTaskSpecContainerSpecMounts,
  type ServiceTaskSpecContainerSpecSecrets,
} from "@cdktf/provider-docker/lib/service/index.js";
import type { DataResource, TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { stageContext } from "./build-context.ts";
import { type Delivery, deliveryOf } from "./delivery.ts";
import { sha256 } from "./digest.ts";
import { buildImage } from "./docker-image.ts";
import type { Plan } from "./engine.ts";
import { Label } from "./labels.ts";
import type { Network } from "./network.ts";
import { nodeNames } from "./node-names.ts";
import { handOver } from "./swarm-images.ts";
import { labelNodes, type SwarmHost } from "./swarm-nodes.ts";
import { constraintOf, type Placement, placementsOf } from "./swarm-placement.ts";
import { type Reach, serviceConfig } from "./swarm-service.ts";
import { literal } from "./terraform-text.ts";
import type { VolumeMount, Workload } from "./workload.ts";

export interface SwarmStackProps {
  readonly reach: Reach;
  readonly encrypted: boolean;
  readonly manager: SwarmHost;
  readonly hosts: readonly SwarmHost[];
  /** Where images are built. */
  readonly builder: SwarmHost;
  /** @default that of the manager, which then is the builder */
  readonly buildProvider?: TerraformProvider;
}

interface BuiltImage {
  /** Expression. */
  readonly id: string;
  readonly handed: readonly DataResource[];
}

/**
 * The resources of one plan on a Swarm. Each instance of a workload is a service of one task: so it has its own name
 * (`guestbook-1`), as on one host, and edges and balancers are configured the same.
 */
export class SwarmStack {
  readonly #scope: Construct;
  readonly #plan: Plan;
  readonly #props: SwarmStackProps;
  readonly #nodes: DataResource;
  readonly #placements: ReadonlyMap<string, Placement>;
  readonly #images = new Map<string, BuiltImage>();
  readonly #networks = new Map<string, DockerNetwork>();

  constructor(stack: TerraformStack, plan: Plan, props: SwarmStackProps) {
    this.#scope = new Construct(stack, "engine");
    this.#plan = plan;
    this.#props = props;
    this.#nodes = labelNodes(this.#scope, plan.stack, props.manager, props.hosts);
    const hosts = props.hosts.map(({ host }) => host);
    this.#placements = placementsOf(plan.workloads, hosts);
  }

  run(): void {
    for (const workload of this.#plan.workloads) this.#run(workload);
  }

  #run(workload: Workload): void {
    const placement = this.#placements.get(workload.name.text);
    if (placement === undefined) return;
    const scope = new Construct(this.#scope, workload.name.text);
    const image = this.#image(workload);
    const delivery = deliveryOf(workload, this.#plan);
    const configs = this.#configs(scope, workload, delivery);
    const secrets = this.#secrets(scope, workload, delivery);
    const networks = workload.networks.map((network) => this.#network(network));
    for (const node of nodeNames(workload.name, workload.replicas)) {
      const config = serviceConfig(workload, {
        node,
        image: image.id,
        configs,
        secrets,
        constraint: constraintOf(placement),
        reach: this.#props.reach,
        mounts: this.#mounts(workload),
        labels: [
          ...this.#labels(),
          { label: Label.role, value: workload.role },
          { label: Label.workload, value: workload.name.text },
          { label: Label.node, value: node },
        ],
      });
      const service = new Service(scope, node, {
        name: this.#nameOf(node),
        ...config,
        dependsOn: [this.#nodes, ...image.handed],
      });
      service.overrideLogicalId(node);
      // Newer than the bindings.
      service.addOverride("task_spec.container_spec.init", true);
      const aliases = [...new Set([workload.name.text, node])];
      const attached = networks.map(({ id }) => ({ id, aliases }));
      service.addOverride("task_spec.networks_advanced", attached);
    }
  }

  /** The image by its id, which no engine asks a registry for, and what brings it to the hosts. */
  #image({ image }: Workload): BuiltImage {
    const name = image.name.text;
    const known = this.#images.get(name);
    if (known !== undefined) return known;
    const { builder, buildProvider } = this.#props;
    const scope = new Construct(this.#scope, `image-${name}`);
    const staged = stageContext(image, join(this.#plan.workingDirectory, "images"));
    const built = buildImage(scope, image, staged, {
      ...this.#plan,
      builder: builder.host.engine,
      ...(buildProvider !== undefined && { provider: buildProvider }),
    });
    built.overrideLogicalId(name);
    const hosts = this.#hostsOf(name);
    const result = {
      id: built.imageId,
      handed: hosts.length === 0 ? [] : [handOver(scope, { name, image: built, builder, hosts })],
    };
    this.#images.set(name, result);
    return result;
  }

  /** Those that may run an image, and have another engine than the one that builds it. */
  #hostsOf(image: string): readonly SwarmHost[] {
    const { builder, hosts } = this.#props;
    const running = this.#plan.workloads.filter((workload) => workload.image.name.text === image);
    const placed = running.flatMap(({ name }) => this.#placements.get(name.text)?.hosts ?? []);
    return hosts.filter(({ host }) => placed.includes(host) && host.engine !== builder.host.engine);
  }

  #network({ name, internal }: Network): DockerNetwork {
    const known = this.#networks.get(name.text);
    if (known !== undefined) return known;
    const network = new DockerNetwork(new Construct(this.#scope, `network-${name}`), name.text, {
      name: this.#nameOf(name.text),
      driver: "overlay",
      internal,
      ...(this.#props.encrypted && { options: { encrypted: "" } }),
      labels: this.#labels(),
      dependsOn: [this.#nodes],
    });
    network.overrideLogicalId(name.text);
    this.#networks.set(name.text, network);
    return network;
  }

  /** A volume is made on the host of the task, by the engine there, and nothing of a Swarm removes it. */
  #mounts({ volumes, sharedMemory }: Workload): ServiceTaskSpecContainerSpecMounts[] {
    return [
      ...volumes.map((mount) => this.#mount(mount)),
      ...(sharedMemory === undefined
        ? []
        : [
            {
              type: "tmpfs",
              target: "/dev/shm",
              tmpfsOptions: { sizeBytes: sharedMemory.mebibytes * 2 ** 20, mode: 0o777 },
            },
          ]),
    ];
  }

  #mount({ volume, path, readOnly = false }: VolumeMount): ServiceTaskSpecContainerSpecMounts {
    const options = Object.entries(volume.storage.driverOptions(volume.folder));
    return {
      type: "volume",
      source: this.#nameOf(volume.name),
      target: path,
      readOnly,
      volumeOptions: {
        labels: this.#labels(),
        ...(options.length > 0 && {
          driverName: "local",
          driverOptions: Object.fromEntries(options.map(([key, value]) => [key, literal(value)])),
        }),
      },
    };
  }

  /**
   * A file is an object of the Swarm that cannot change; another content is another object, with another address too:
   * so the one that a release which failed left in use is neither in the way nor missed.
   */
  #configs(scope: Construct, workload: Workload, { files }: Delivery): ServiceTaskSpecContainerSpecConfigs[] {
    return files.map(({ path, content }) => {
      const name = `${workload.name}-${slug(path)}-${sha256(content).slice(0, 12)}`;
      const config = new Config(new Construct(scope, `config-${slug(path)}`), name, {
        name: this.#nameOf(name),
        data: Buffer.from(content).toString("base64"),
        dependsOn: [this.#nodes],
        lifecycle: { createBeforeDestroy: true },
      });
      config.overrideLogicalId(name);
      config.addOverride("labels", this.#labels());
      return { configId: config.id, configName: config.name, fileName: path };
    });
  }

  #secrets(
    scope: Construct,
    workload: Workload,
    { secrets }: Delivery,
  ): ServiceTaskSpecContainerSpecSecrets[] {
    return secrets.map(({ path, source, fingerprint }) => {
      const name = `${workload.name}-${slug(path)}-${fingerprint.slice(0, 12)}`;
      const secret = new Secret(new Construct(scope, `secret-${slug(path)}`), name, {
        name: this.#nameOf(name),
        // By its path, so that it is in no file that is written here; the provider marks it as sensitive.
        data: `\${filebase64("${literal(source)}")}`,
        labels: this.#labels(),
        dependsOn: [this.#nodes],
        lifecycle: { createBeforeDestroy: true },
      });
      secret.overrideLogicalId(name);
      const owner = String(workload.user);
      return {
        secretId: secret.id,
        secretName: secret.name,
        fileName: path,
        fileUid: owner,
        fileGid: owner,
        fileMode: 0o400,
      };
    });
  }

  #labels(): { label: string; value: string }[] {
    return [
      { label: Label.project, value: this.#plan.project },
      { label: Label.stack, value: this.#plan.stack },
    ];
  }

  #nameOf(name: string): string {
    return `${this.#plan.project}-${this.#plan.stack}-${name}`;
  }
}

/** The end of a path, as a part of a name; names of Swarm end at 64 characters. */
function slug(path: string): string {
  return `${path
    .split("/")
    .at(-1)
    ?.replaceAll(/[^A-Za-z0-9]+/g, "-")}`.slice(0, 24);
}
