import type { TerraformStack } from "cdktf";
import type { Host } from "../hosts/host.ts";
import type { DescribedSwarm } from "../rules/description.ts";
import type { SecretStore } from "./secret-store.ts";
import type { Workload } from "./workload.ts";

/** All that an engine needs to know of an environment to provision it. */
export interface Plan {
  /** Prefix of every name on the engine, so that two projects or stacks share a host without meeting. */
  readonly project: string;
  readonly stack: string;
  readonly workloads: readonly Workload[];
  readonly secrets: SecretStore;
  /** Folder that Terraform runs in, absolute; paths in the output are relative to it. */
  readonly workingDirectory: string;
  /** Folder for what ssh needs to reach the hosts of this stack, absolute. */
  readonly sshFolder: string;
}

/** What turns workloads into resources. */
export interface Engine {
  /** In words, for messages: `Docker on this machine`. */
  readonly description: string;
  /** Where it runs something. */
  readonly hosts: readonly Host[];
  /** What rules look at, where it is several engines that act as one. */
  readonly swarm?: DescribedSwarm;
  /** Where each workload is, by its name: the engine that it stays on, or null where it may move. */
  placesOf(workloads: readonly Workload[]): ReadonlyMap<string, string | null>;
  /** Adds the provider and the resources to the stack. */
  provision(stack: TerraformStack, plan: Plan): void;
}
