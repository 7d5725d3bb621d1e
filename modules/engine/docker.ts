/**
 * Docker on one host: workloads become containers.
 *
 *     super(scope, "prod", { engine: Docker.on(target.host), purpose: "production" });
 */
import { join } from "node:path";
import {
  Container,
  type ContainerConfig,
  type ContainerUpload,
} from "@cdktf/provider-docker/lib/container/index.js";
import { Network as DockerNetwork } from "@cdktf/provider-docker/lib/network/index.js";
import type { TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { engineOf, Host } from "../hosts/host.ts";
import { type StagedContext, stageContext } from "./build-context.ts";
import { type Delivery, deliveryOf } from "./delivery.ts";
import { digest } from "./digest.ts";
import { generationOf, readContainers } from "./docker-containers.ts";
import { buildImage } from "./docker-image.ts";
import { type ClientAccess, provideDocker } from "./docker-provider.ts";
import { makeVolume } from "./docker-volume.ts";
import type { Engine, Plan } from "./engine.ts";
import {
  keepVolumes,
  keptVolume,
  keptVolumeId,
  keptVolumes,
  sameStorage,
  storageLabel,
} from "./kept-volumes.ts";
import { Label } from "./labels.ts";
import { type Naming, namingOf } from "./naming.ts";
import type { Network } from "./network.ts";
import { nodeNames } from "./node-names.ts";
import { PROBE } from "./probe.ts";
import { isReadied, readyFolders, readyFoldersId } from "./ready-folders.ts";
import { reconfigure } from "./reconfiguration.ts";
import { seccompProfile } from "./seccomp-profile.ts";
import { awaitServer, serversOf, servesStorage } from "./storage-server.ts";
import { literal } from "./terraform-text.ts";
import { engineName, type Volume } from "./volume.ts";
import type { Workload } from "./workload.ts";

/** The engine of one host. */
export class Docker implements Engine {
  readonly description: string;
  readonly hosts: readonly Host[];
  readonly #host: Host;

  private constructor(host: Host) {
    this.#host = host;
    this.hosts = [host];
    this.description = host.engine === undefined ? "Docker on this machine" : `Docker at ${host.engine}`;
  }

  /** The engine of this machine, or the one that DOCKER_HOST names. */
  static local(): Docker {
    return new Docker(Host.local());
  }

  /** The engine of a host, such as `target.host`. */
  static on(host: Host): Docker {
    return new Docker(host);
  }

  placesOf(workloads: readonly Workload[]): ReadonlyMap<string, string | null> {
    return new Map(workloads.map(({ name }) => [name.text, engineOf(this.#host)]));
  }

  provision(stack: TerraformStack, plan: Plan): void {
    const { client } = provideDocker(stack, this.#host, plan);
    readContainers(stack, plan.project);
    keepVolumes(stack, plan.project, keptVolumes(plan.workloads));
    stack.addOverride("moved", renumbered(plan.workloads));
    new DockerHost(stack, plan, this.#host, client).run();
  }
}

/**
 * The resources of one plan, by the name of what they stand for.
 *
 * Containers do not depend on each other: each waits by itself for what it uses. Create-before-destroy would spread
 * from the nodes to a database that they depended on, which would then run twice on its files; and an edge that
 * depended on nodes would be gone after a release of theirs that failed. Only the files that are handed to a running edge
 * wait for the nodes that they name.
 */
class DockerHost {
  /** Resources stand beside the modules' constructs, whose names they share. */
  readonly #scope: Construct;
  readonly #plan: Plan;
  readonly #client: ClientAccess;
  readonly #naming: Naming;
  readonly #made = new Set<string>();
  readonly #host: Host;

  constructor(stack: TerraformStack, plan: Plan, host: Host, client: ClientAccess) {
    this.#host = host;
    this.#client = client;
    this.#scope = new Construct(stack, "engine");
    this.#plan = plan;
    this.#naming = namingOf(plan);
  }

  run(): void {
    for (const workload of this.#plan.workloads) this.#run(workload);
  }

  #run(workload: Workload): void {
    const staged = stageContext(workload.image, join(this.#plan.workingDirectory, "images"));
    const image = this.#image(workload, staged);
    const nodes = nodeNames(workload.name, workload.replicas);
    const releases = nodes.map((node) => this.#container(workload, node, image, staged.hash));
    readyFolders(this.#scope, {
      workload,
      image: `\${${image}.image_id}`,
      // An instance that is sick is replaced as well, and nothing of its text has changed.
      release: `${digest(releases)}/${nodes.map((node) => `\${${generationOf(node)}}`).join("/")}`,
      hosts: [{ name: this.#host.name.text, client: this.#client }],
    });
  }

  /** Makes a resource once, in a scope of its kind, and returns the reference to it that Terraform understands. */
  #resource(
    type: "docker_image" | "docker_network" | "docker_volume",
    name: string,
    make: (scope: Construct) => TerraformResource,
  ): string {
    const reference = `${type}.${name}`;
    this.#once(reference, () => {
      const scope =
        (this.#scope.node.tryFindChild(type) as Construct | undefined) ?? new Construct(this.#scope, type);
      make(scope).overrideLogicalId(name);
    });
    return reference;
  }

  #once(reference: string, make: () => void): void {
    if (this.#made.has(reference)) return;
    this.#made.add(reference);
    make();
  }

  #image({ image: build }: Workload, staged: StagedContext): string {
    return this.#resource("docker_image", build.name.text, (scope) => {
      return buildImage(scope, build, staged, { ...this.#plan, builder: this.#client.host });
    });
  }

  #network(network: Network): string {
    return this.#resource("docker_network", network.name.text, (scope) => {
      return new DockerNetwork(scope, network.name.text, {
        name: this.#naming.nameOf(network.name.text),
        internal: network.internal,
        labels: this.#naming.labels,
      });
    });
  }

  /** @returns the name of the volume, or a reference to it */
  #volume(volume: Volume): string {
    const name = this.#naming.nameOf(engineName(volume));
    const [labels, client] = [this.#naming.labels, this.#client];
    if (volume.keep) {
      this.#once(keptVolumeId(volume.name), () => keptVolume(this.#scope, { volume, name, labels, client }));
      return name;
    }
    const reference = this.#resource("docker_volume", volume.name, (scope) => {
      return makeVolume(scope, volume, { name, labels });
    });
    return `\${${reference}.name}`;
  }

  /** @returns what changes with whatever replaces the container */
  #container(workload: Workload, node: string, image: string, imageHash: string): string {
    const generation = generationOf(node);
    const delivery = deliveryOf(workload, this.#plan);
    const memory = workload.limits.memory.mebibytes;
    const keptMounts = workload.volumes.filter(({ volume }) => volume.keep);
    const config = {
      image: `\${${image}.image_id}`,
      user: String(workload.user),
      ...(workload.command && { command: [...workload.command] }),
      env: Object.entries({ ...workload.environment, SLIPWAY_NODE: node })
        .map(([key, value]) => `${key}=${literal(value)}`)
        .sort(),
      volumes: workload.volumes.map(({ volume, path, readOnly = false }) => ({
        volumeName: this.#volume(volume),
        containerPath: path,
        readOnly,
      })),
      upload: uploads(delivery),
      networksAdvanced: workload.networks.map((network) => ({
        name: `\${${this.#network(network)}.name}`,
        aliases: [...new Set([workload.name.text, node])],
      })),
      ports: workload.ports.map(({ address, host, container }) => ({
        ip: address,
        external: host.number,
        internal: container.number,
        protocol: "tcp",
      })),
      healthcheck: {
        test: ["CMD", ...workload.health.command],
        interval: `${PROBE.interval}s`,
        timeout: `${PROBE.timeout}s`,
        retries: PROBE.retries,
        startPeriod: workload.health.startPeriod.toGo(),
      },
      // What stopped has no name any more, and the engine asks the host's own name servers for it. Where those do not
      // answer, every connection to it would wait for 10 seconds.
      dnsOpts: ["timeout:1"],
      memory,
      // Unset, the engine grants as much swap again, and every plan shows the difference.
      memorySwap: memory,
      ...(workload.limits.cpus !== undefined && { cpus: String(workload.limits.cpus) }),
      ...(workload.sharedMemory && { shmSize: workload.sharedMemory.mebibytes }),
      ulimit: [processLimit(workload)],
      capabilities: {
        drop: ["ALL"],
        ...(workload.capabilities.length > 0 && { add: [...workload.capabilities] }),
      },
      securityOpts: ["no-new-privileges:true", ...profile(workload)],
      init: true,
      restart: "unless-stopped",
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      stopSignal: workload.stop.signal,
      stopTimeout: workload.stop.grace.seconds,
      // Unset, the provider kills without a grace when it replaces or destroys.
      destroyGraceSeconds: workload.stop.grace.seconds,
      mustRun: true,
      wait: true,
      waitTimeout: workload.health.startPeriod.seconds + 30,
    } satisfies Omit<ContainerConfig, "name">;

    const { reconfigurable = false } = workload;
    const elsewhere = workload.volumes
      .filter(({ volume }) => engineName(volume) !== volume.name)
      .map(({ volume }) => engineName(volume));
    const kept = delivery.files.filter(({ needsRestart }) => needsRestart);
    const release = digest({
      ...config,
      image: imageHash,
      node,
      // The configuration has a reference to it only.
      ...(elsewhere.length > 0 && { elsewhere }),
      ...(reconfigurable && { upload: uploads({ files: kept, secrets: [] }) }),
    });
    const rolling = workload.release === "start-first";
    const container = new Container(this.#scope, node, {
      ...config,
      // The successor runs beside its predecessor, so their names must differ; whatever makes a new container out of
      // an old one makes a new name.
      name: rolling
        ? `${this.#naming.nameOf(node)}-\${substr(sha256("${release}/\${${image}.image_id}/\${${generation}}"), 0, 8)}`
        : this.#naming.nameOf(node),
      labels: [
        ...this.#naming.labelsOf(workload, node),
        { label: Label.release, value: release },
        { label: Label.generation, value: `\${${generation}}` },
        ...keptMounts.map(({ volume }) => storageLabel(volume)),
      ],
      ...((rolling || reconfigurable || keptMounts.length > 0) && {
        lifecycle: {
          ...(rolling && { createBeforeDestroy: true }),
          ...(reconfigurable && { ignoreChanges: ["upload"] }),
          ...(keptMounts.length > 0 && { precondition: keptMounts.map(({ volume }) => sameStorage(volume)) }),
        },
      }),
    });
    container.overrideLogicalId(node);
    const before = [
      ...keptMounts.map(({ volume }) => `terraform_data.${keptVolumeId(volume.name)}`),
      ...(workload.volumes.some(isReadied) ? [`terraform_data.${readyFoldersId(workload.name.text)}`] : []),
      ...serversOf(workload),
    ];
    if (before.length > 0) container.addOverride("depends_on", before);
    if (servesStorage(workload, this.#plan.workloads)) {
      const expected = { release, generation: `\${${generation}}`, patience: config.waitTimeout };
      const server = { node, name: this.#naming.nameOf(node), image: workload.image.name.text };
      awaitServer(this.#scope, { ...server, client: this.#client, ...expected });
    }
    if (reconfigurable) {
      reconfigure(this.#scope, {
        ...{ node, delivery, folder: this.#plan.workingDirectory, client: this.#client },
        after: this.#used(workload),
      });
    }
    return release;
  }

  /** The nodes of what a workload uses or leads to, on whose networks it is. */
  #used({ name, networks }: Workload): readonly string[] {
    return this.#plan.workloads
      .filter((other) => other.name.text !== name.text)
      .filter((other) => networks.some((network) => network.name.text === other.name.text))
      .flatMap((other) => nodeNames(other.name, other.replicas));
  }
}

/**
 * One instance has no number, the first of several has 1. Told that they are the same, Terraform replaces the one by the
 * other; or else it would remove the only one at once, beside those that are not there yet.
 */
function renumbered(workloads: readonly Workload[]): { from: string; to: string }[] {
  const nodes = new Set(workloads.flatMap(({ name, replicas }) => nodeNames(name, replicas)));
  return workloads.flatMap(({ name, replicas }) => {
    const [single, first] = [name.text, `${name}-1`];
    const [from, to] = replicas === 1 ? [first, single] : [single, first];
    return nodes.has(from) ? [] : [{ from: `docker_container.${from}`, to: `docker_container.${to}` }];
  });
}

function uploads({ files, secrets }: Delivery): ContainerUpload[] {
  return [
    ...files.map(({ path, content }) => ({ file: path, content: literal(content) })),
    ...secrets.map(({ path, source, fingerprint }) => ({
      file: path,
      // By path and digest: neither plan nor state holds the content.
      source,
      sourceHash: fingerprint,
      // The engine looks an owner up among the users of the host, so these belong to root; the image's folder
      // /run/secrets keeps everybody but the workload's user out.
      permissions: "0444",
    })),
  ];
}

/** A list of a workload's own, as the engine takes it: its text, and no file. */
function profile({ systemCalls }: Workload): string[] {
  return systemCalls === undefined ? [] : [`seccomp=${literal(seccompProfile(systemCalls))}`];
}

function processLimit(workload: Workload): { name: string; soft: number; hard: number } {
  const processes = workload.limits.processes ?? 16_384;
  return { name: "nproc", soft: processes, hard: processes };
}
