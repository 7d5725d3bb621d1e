import { join } from "node:path";
import { Network as DockerNetwork } from "@cdktf/provider-docker/lib/network/index.js";
import {
  Service,
  type ServiceTaskSpecContainerSpecMounts,
} from "@cdktf/provider-docker/lib/service/index.js";
import type { TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Host } from "../hosts/host.ts";
import { stageContext } from "./build-context.ts";
import { deliveryOf } from "./delivery.ts";
import { digest } from "./digest.ts";
import { buildImage } from "./docker-image.ts";
import { makeVolume } from "./docker-volume.ts";
import type { Plan } from "./engine.ts";
import { keptVolume } from "./kept-volumes.ts";
import { Label } from "./labels.ts";
import { type Naming, namingOf } from "./naming.ts";
import type { Network } from "./network.ts";
import { nodeNames } from "./node-names.ts";
import { readyFolders } from "./ready-folders.ts";
import { configsOf, secretsOf } from "./swarm-files.ts";
import { handOver } from "./swarm-images.ts";
import { boundMount, looseMount, memoryMount } from "./swarm-mounts.ts";
import { labelNodes, type SwarmHost } from "./swarm-nodes.ts";
import { constraintOf, isLocal, onHost, type Placement, placementsOf } from "./swarm-placement.ts";
import { PUBLISH, publishersOf } from "./swarm-publishers.ts";
import { type Reach, type ServiceParts, serviceConfig } from "./swarm-service.ts";
import { spreadNodes } from "./swarm-spread.ts";
import type { TerraformData } from "./terraform-data.ts";
import { engineName, type Volume } from "./volume.ts";
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
  /** Of one host's engine; undefined is that of the manager. */
  providerOf(host: Host): TerraformProvider | undefined;
}

interface BuiltImage {
  /** Expression. */
  readonly id: string;
  /** Of what it is built from. */
  readonly hash: string;
  readonly handed: readonly TerraformData[];
}

/**
 * The resources of one plan on a Swarm. Each instance of a workload is a service of one task: so it has its own name
 * (`guestbook-1`), as on one host, and edges and balancers are configured the same.
 */
export class SwarmStack {
  readonly #scope: Construct;
  readonly #plan: Plan;
  readonly #props: SwarmStackProps;
  readonly #naming: Naming;
  readonly #nodes: TerraformData;
  readonly #placements: ReadonlyMap<string, Placement>;
  readonly #images = new Map<string, BuiltImage>();
  readonly #volumes = new Map<string, string>();
  readonly #kept = new Map<string, TerraformData>();
  readonly #networks = new Map<string, DockerNetwork>();

  constructor(stack: TerraformStack, plan: Plan, props: SwarmStackProps) {
    this.#scope = new Construct(stack, "engine");
    this.#plan = plan;
    this.#naming = namingOf(plan);
    this.#props = props;
    this.#nodes = labelNodes(this.#scope, plan, props.manager, props.hosts);
    const hosts = props.hosts.map(({ host }) => host);
    this.#placements = placementsOf(plan.workloads, hosts);
  }

  run(): void {
    const { workloads } = this.#plan;
    for (const workload of workloads) this.#run(workload);
    // One host has the files that its nodes lay out themselves.
    if (this.#props.hosts.length < 2) return;
    for (const { workload, node, host } of publishersOf(workloads, this.#placements)) {
      const scope = new Construct(this.#scope, node);
      const mounts = workload.volumes.map((mount) => this.#loose(mount));
      const parts = {
        constraint: onHost(host, this.#plan),
        entrypoint: PUBLISH,
        mounts,
        configs: [],
        secrets: [],
      };
      this.#service(scope, workload, node, parts);
    }
  }

  #run(workload: Workload): void {
    const placement = this.#placements.get(workload.name.text);
    if (placement === undefined) return;
    const scope = new Construct(this.#scope, workload.name.text);
    const delivery = deliveryOf(workload, this.#plan);
    const parts = {
      constraint: constraintOf(placement, this.#plan),
      mounts: this.#mounts(workload, placement),
      configs: configsOf(scope, workload, delivery, this.#naming, [this.#nodes]),
      secrets: secretsOf(scope, workload, delivery, this.#naming, [this.#nodes]),
    };
    const nodes = nodeNames(workload.name, workload.replicas);
    const content = digest([
      delivery.files.map(({ path, content }) => [path, content]),
      delivery.secrets.map(({ path, fingerprint }) => [path, fingerprint]),
    ]);
    const ready = this.#readyFolders(scope, workload, placement, content);
    for (const node of nodes) this.#service(scope, workload, node, parts, content, ready);
    if (nodes.length < 2 || placement.pinned || placement.hosts.length < 2) return;
    const services = nodes.map((node) => this.#naming.nameOf(node));
    const { role } = placement;
    const { client } = this.#props.manager;
    spreadNodes(scope, workload.name.text, { client, owner: this.#plan, role, services, nodes });
  }

  #service(
    scope: Construct,
    workload: Workload,
    node: string,
    parts: Omit<ServiceParts, "node" | "image" | "reach" | "labels">,
    /** Changes with the files and secrets of the workload. */
    content = "",
    ready?: TerraformData,
  ): void {
    const image = this.#image(workload);
    const networks = workload.networks.map((network) => this.#network(network));
    const kept = workload.volumes.flatMap(({ volume }) => this.#kept.get(volume.name) ?? []);
    const labels = this.#naming.labelsOf(workload, node);
    const { reach } = this.#props;
    const config = serviceConfig(workload, { ...parts, node, image: image.id, reach, labels });
    // Of what Terraform's own names stand for, as these say nothing of what changes.
    const plain = { ...parts, mounts: [], configs: [], secrets: [] };
    const said = serviceConfig(workload, { ...plain, node, image: image.hash, reach, labels });
    const mounted = workload.volumes.map(({ volume: { name, folder, storage }, path, readOnly = false }) => {
      return [name, path, readOnly, storage.driverOptions(folder)];
    });
    const joined = workload.networks.map(({ name }) => name.text);
    const release = digest({ said, content, mounted, joined });
    const service = new Service(scope, node, {
      name: this.#naming.nameOf(node),
      ...config,
      // Of the service, and not of its tasks.
      labels: [...labels, { label: Label.release, value: release }],
      dependsOn: [this.#nodes, ...image.handed, ...kept, ...(ready === undefined ? [] : [ready])],
    });
    service.overrideLogicalId(node);
    // Newer than the bindings.
    service.addOverride("task_spec.container_spec.init", true);
    const aliases = [...new Set([workload.name.text, node])];
    const attached = networks.map(({ id }) => ({ id, aliases }));
    service.addOverride("task_spec.networks_advanced", attached);
  }

  /** On each host that may run the workload; of what is on a disk of one, on that one. */
  #readyFolders(
    scope: Construct,
    workload: Workload,
    { hosts, pinned }: Placement,
    content: string,
  ): TerraformData | undefined {
    const image = this.#image(workload);
    const clients = this.#props.hosts.filter(({ host }) =>
      pinned ? hosts[0] === host : hosts.includes(host),
    );
    return readyFolders(scope, {
      workload,
      image: image.id,
      release: digest([image.hash, content, { ...workload, image: "", files: [], secrets: [] }]),
      hosts: clients.map(({ host, client }) => ({ name: host.name.text, client })),
      after: [this.#nodes, ...image.handed],
    });
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
      hash: staged.hash,
      handed: hosts.length === 0 ? [] : [handOver(scope, { name, image: built, builder, hosts })],
    };
    this.#images.set(name, result);
    return result;
  }

  /** Those that may run an image, and have another engine than the one that builds it. */
  #hostsOf(image: string): readonly SwarmHost[] {
    const { builder, hosts } = this.#props;
    const running = this.#plan.workloads.filter((workload) => workload.image.name.text === image);
    const publishing = publishersOf(this.#plan.workloads, this.#placements).filter(
      ({ workload }) => workload.image.name.text === image,
    );
    const placed = [
      ...running.flatMap(({ name }) => this.#placements.get(name.text)?.hosts ?? []),
      ...publishing.map(({ host }) => host),
    ];
    return hosts.filter(({ host }) => placed.includes(host) && host.engine !== builder.host.engine);
  }

  #network({ name, internal }: Network): DockerNetwork {
    const known = this.#networks.get(name.text);
    if (known !== undefined) return known;
    const network = new DockerNetwork(new Construct(this.#scope, `network-${name}`), name.text, {
      name: this.#naming.nameOf(name.text),
      driver: "overlay",
      internal,
      ...(this.#props.encrypted && { options: { encrypted: "" } }),
      labels: this.#naming.labels,
      dependsOn: [this.#nodes],
    });
    network.overrideLogicalId(name.text);
    this.#networks.set(name.text, network);
    return network;
  }

  #mounts(workload: Workload, placement: Placement): ServiceTaskSpecContainerSpecMounts[] {
    const { volumes, sharedMemory } = workload;
    return [
      ...volumes.map((mount) =>
        isLocal(mount) ? boundMount(mount, this.#volume(mount, placement)) : this.#loose(mount),
      ),
      ...(sharedMemory === undefined ? [] : [memoryMount(sharedMemory)]),
    ];
  }

  #loose(mount: VolumeMount): ServiceTaskSpecContainerSpecMounts {
    return looseMount(mount, this.#naming.nameOf(engineName(mount.volume)), this.#naming.labels);
  }

  /** What is on the disk of one host is made there, under the same address as on one engine: so it outlives a move. */
  #volume({ volume }: VolumeMount, { hosts: [host] }: Placement): string {
    const known = this.#volumes.get(volume.name);
    if (known !== undefined) return known;
    if (volume.keep) return this.#keptVolume(volume, host);
    const provider = host && this.#props.providerOf(host);
    const made = makeVolume(new Construct(this.#scope, `volume-${volume.name}`), volume, {
      name: this.#naming.nameOf(engineName(volume)),
      labels: this.#naming.labels,
      ...(provider !== undefined && { provider }),
    });
    made.overrideLogicalId(volume.name);
    this.#volumes.set(volume.name, made.name);
    return made.name;
  }

  #keptVolume(volume: Volume, host: Host | undefined): string {
    const { hosts, manager } = this.#props;
    const own = hosts.find((one) => one.host === host) ?? manager;
    const name = this.#naming.nameOf(volume.name);
    const elsewhere = hosts.filter((one) => one.host.engine !== own.host.engine);
    this.#kept.set(
      volume.name,
      keptVolume(this.#scope, {
        ...{ volume, name, labels: this.#naming.labels, client: own.client },
        place: { host: own.host.name.text, elsewhere },
      }),
    );
    this.#volumes.set(volume.name, name);
    return name;
  }
}
