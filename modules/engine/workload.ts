/**
 * What runs, and nothing about how: the model that every module describes and every engine understands.
 *
 *     environment.run({ name: Name.of("cache"), role: "cache", image, health, limits, ... });
 */
import type { Duration } from "../values/duration.ts";
import type { Name } from "../values/name.ts";
import type { Port } from "../values/port.ts";
import type { Secret } from "../values/secret.ts";
import type { Size } from "../values/size.ts";
import type { Build } from "./build.ts";
import type { Network } from "./network.ts";
import type { Volume } from "./volume.ts";

/** The part a workload plays; rules and placement look at it, engines do not. */
export type Role =
  | "edge"
  | "acme"
  | "balancer"
  | "app"
  | "job"
  | "database"
  | "replica"
  | "pooler"
  | "cache"
  | "backup"
  | "storage"
  | "publisher";

/** A text file put into the container before it starts, owned by root and readable to all. */
export interface ConfigFile {
  /** Absolute path in the container. */
  readonly path: string;
  readonly content: string;
  /** No instance that runs takes a change of it over: there has to be another one. @default false */
  readonly needsRestart?: boolean;
}

/**
 * A secret delivered as a file. The image makes /run/secrets with mode 0700 for the workload's user, whom the file is for.
 */
export interface SecretFile {
  readonly secret: Secret;
  /** @default /run/secrets/<name of the secret> */
  readonly path?: string;
}

/** A volume and where it is seen. */
export interface VolumeMount {
  readonly volume: Volume;
  /** Absolute path in the container. */
  readonly path: string;
  /** @default false */
  readonly readOnly?: boolean;
}

/** A port on the host that leads to a port of the container. */
export interface PublishedPort {
  /** Address of the host that is listened on; 127.0.0.1 keeps it on the machine. */
  readonly address: string;
  readonly host: Port;
  readonly container: Port;
}

/** A command inside the container that exits 0 only when the workload does its job. */
export interface HealthCheck {
  readonly command: readonly string[];
  /** How long a first start may take before failures count. */
  readonly startPeriod: Duration;
}

/** Hard limits of one instance. */
export interface Limits {
  /** Memory; swap is not granted on top. */
  readonly memory: Size;
  /**
   * Processes and threads of the workload's user on the whole host: a brake on a fork bomb, and no more than that.
   * The container resource of the provider has no pids limit, and RLIMIT_NPROC counts by user
   * (docs/decisions/0003-process-limit.md).
   * @default 16384
   */
  readonly processes?: number;
  /** CPUs, fractions allowed. @default unlimited */
  readonly cpus?: number;
}

/** How an instance gives way to its successor. */
export type Release =
  /** The successor must be healthy before the old instance is asked to stop; both run for a moment. */
  | "start-first"
  /** The old instance stops first: for what may not run twice, such as a database on its files or a published port. */
  | "stop-first";

/** Linux capabilities that a workload may ask for; all others are dropped. */
export type Capability = "NET_BIND_SERVICE" | "CHOWN" | "SETUID" | "SETGID" | "DAC_READ_SEARCH";

/** What runs. */
export interface Workload {
  readonly name: Name;
  readonly role: Role;
  readonly image: Build;
  /** How many instances run side by side; they answer to `<name>-1`, `<name>-2`, … and all of them to `<name>`. */
  readonly replicas: number;
  /** Numeric user and group that the processes run as; 0 needs a waiver, or `becomes`. */
  readonly user: number;
  /**
   * The user that the entrypoint of a workload with user 0 goes over to at once, taking a capability along: the engine gives
   * none to a process that does not start as root (capabilities(7), ambient capabilities). @default it stays who it is
   */
  readonly becomes?: number;
  readonly command?: readonly string[];
  /** Settings that are no secret: `docker inspect` shows them to everybody on the host. */
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly ConfigFile[];
  readonly secrets: readonly SecretFile[];
  readonly volumes: readonly VolumeMount[];
  readonly networks: readonly Network[];
  readonly ports: readonly PublishedPort[];
  readonly health: HealthCheck;
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  /**
   * All that may be asked of the kernel, by the names of syscalls(2). What starts containers, and what a program does at its
   * start, is part of it. @default what the engine allows to every container
   */
  readonly systemCalls?: readonly string[];
  /** Shared memory at /dev/shm. @default 64 MiB */
  readonly sharedMemory?: Size;
  readonly stop: { readonly signal: `SIG${string}`; readonly grace: Duration };
  readonly release: Release;
  /**
   * Changed files and secrets are handed to the running instances, which check them and take them over without a pause.
   * The image has the command `reconfigure` for it, which is in modules/engine/image. A file may be left out of it.
   * @default false: an instance with other files is another instance
   */
  readonly reconfigurable?: boolean;
}

/** Where a workload's secret is found inside its containers. */
export const secretPath = (file: SecretFile): string => file.path ?? `/run/secrets/${file.secret.name}`;
