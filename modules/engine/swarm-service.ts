import type {
  ServiceConfig,
  ServiceEndpointSpec,
  ServiceTaskSpec,
  ServiceTaskSpecContainerSpec,
  ServiceTaskSpecContainerSpecConfigs,
  ServiceTaskSpecContainerSpecMounts,
  ServiceTaskSpecContainerSpecSecrets,
} from "@cdktf/provider-docker/lib/service/index.js";
import type { Duration } from "../values/duration.ts";
import { PROBE } from "./probe.ts";
import { literal } from "./terraform-text.ts";
import type { Workload } from "./workload.ts";

/** Failures that a new task may have after it was healthy, before its release counts as good. */
const MONITOR = "5s";
/** What a task may take beyond its start and its stop, in seconds: to be placed, and to be told of. */
const SLACK = 60;

/** How tasks are found by their name, and how a published port leads to them. */
export type Reach =
  | {
      /** The name is looked up to the addresses of the tasks: works on every kernel. */
      readonly endpoints: "dnsrr";
      /** The host of the task listens. */
      readonly publish: "host";
    }
  | {
      /** An address of the service's own, behind which the kernel balances (IPVS). */
      readonly endpoints: "vip";
      /** `ingress`: every host of the Swarm listens, and the service sees an address of the Swarm for each client. */
      readonly publish: "host" | "ingress";
    };

/** What of a service is known elsewhere. */
export interface ServiceParts {
  readonly node: string;
  /** Expression. */
  readonly image: string;
  readonly constraint: string;
  /** In place of the image's own. */
  readonly entrypoint?: readonly string[];
  readonly reach: Reach;
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly mounts: readonly ServiceTaskSpecContainerSpecMounts[];
  readonly configs: readonly ServiceTaskSpecContainerSpecConfigs[];
  readonly secrets: readonly ServiceTaskSpecContainerSpecSecrets[];
}

/** The service of one instance of a workload: Swarm itself starts first or stops first, looks at the health, and goes back. */
export function serviceConfig(workload: Workload, parts: ServiceParts): Omit<ServiceConfig, "name"> {
  const order = workload.release;
  const change = { parallelism: 1, order, monitor: MONITOR, maxFailureRatio: "0.0" };
  return {
    labels: [...parts.labels],
    taskSpec: taskSpec(workload, parts),
    mode: { replicated: { replicas: 1 } },
    updateConfig: { ...change, failureAction: "rollback" },
    rollbackConfig: { ...change, failureAction: "pause" },
    endpointSpec: endpointSpec(workload, parts.reach),
    // The deployment waits until the task is healthy, and fails when Swarm went back.
    convergeConfig: { delay: "1s", timeout: `${patience(workload)}s` },
  };
}

function taskSpec(workload: Workload, parts: ServiceParts): ServiceTaskSpec {
  const { memory, cpus } = workload.limits;
  return {
    containerSpec: containerSpec(workload, parts),
    placement: { constraints: [parts.constraint] },
    resources: {
      limits: {
        memoryBytes: memory.mebibytes * 2 ** 20,
        ...(cpus !== undefined && { nanoCpus: Math.round(cpus * 1e9) }),
      },
    },
    restartPolicy: { condition: "any", delay: "1s", window: "0s" },
    logDriver: { name: "json-file", options: { "max-size": "10m", "max-file": "3" } },
    runtime: "container",
  };
}

function containerSpec(workload: Workload, parts: ServiceParts): ServiceTaskSpecContainerSpec {
  const { node, mounts } = parts;
  return {
    image: parts.image,
    user: String(workload.user),
    ...(parts.entrypoint && { command: [...parts.entrypoint] }),
    ...(workload.command && { args: [...workload.command] }),
    env: Object.fromEntries(
      Object.entries({ ...workload.environment, SLIPWAY_NODE: node }).map(([key, value]) => [
        key,
        literal(value),
      ]),
    ),
    labels: [...parts.labels],
    ...(mounts.length > 0 && { mounts: [...mounts] }),
    ...(parts.configs.length > 0 && { configs: [...parts.configs] }),
    ...(parts.secrets.length > 0 && { secrets: [...parts.secrets] }),
    healthcheck: {
      test: ["CMD", ...workload.health.command],
      interval: `${PROBE.interval}s`,
      timeout: `${PROBE.timeout}s`,
      retries: PROBE.retries,
      startPeriod: short(workload.health.startPeriod),
    },
    // As on one host: a name that is gone must not wait for the host's own name servers.
    dnsConfig: { nameservers: [], options: ["timeout:1"] },
    capDrop: ["ALL"],
    ...(workload.capabilities.length > 0 && { capAdd: workload.capabilities.map((one) => `CAP_${one}`) }),
    stopSignal: workload.stop.signal,
    stopGracePeriod: short(workload.stop.grace),
  };
}

function endpointSpec({ ports }: Workload, { endpoints, publish }: Reach): ServiceEndpointSpec {
  return {
    mode: endpoints,
    ...(ports.length > 0 && {
      ports: ports.map(({ host, container }) => ({
        targetPort: container.number,
        publishedPort: host.number,
        publishMode: publish,
        protocol: "tcp",
      })),
    }),
  };
}

/** How long a service may take to converge, in seconds. */
function patience({ health, stop }: Workload): number {
  return health.startPeriod.seconds + stop.grace.seconds + SLACK;
}

/** As the provider reads it back: another way to write the same would be a difference in every plan. */
function short(duration: Duration): string {
  return duration.toGo().replace(/m0s$/, "m").replace(/h0m$/, "h");
}
