import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Label } from "../../modules/engine/labels.ts";
import type { Role } from "../../modules/engine/workload.ts";
import { managerAmong } from "../../modules/hosts/manager.ts";
import { Problem } from "../setup/problem.ts";
import { labelFilters } from "./containers.ts";
import { docker, runDocker } from "./docker.ts";
import type { Stack } from "./stack.ts";
import type { StackHost } from "./stack-host.ts";

/** A service of a stack, as the Swarm describes it. */
export interface SwarmService {
  readonly id: string;
  readonly name: string;
  readonly node: string;
  readonly role: Role;
  /** 0 after `npm run stop`. */
  readonly replicas: number;
  /** What its last task that failed says; undefined when the last one did not. */
  readonly error: string | undefined;
}

/** A machine of the Swarm. */
export interface SwarmNode {
  readonly name: string;
  /** `Ready`, `Down`, `Unknown` or `Disconnected`. */
  readonly state: string;
  /** `Active`, `Pause` or `Drain`. */
  readonly availability: string;
  /** `Leader`, `Reachable` or `Unreachable`; null for a worker. */
  readonly manager: string | null;
}

/** Who is asked about services; undefined for a stack that is not on a Swarm. */
export function managerOf({ folder, hosts }: Stack): StackHost | undefined {
  const file = join(folder, "cdk.tf.json");
  if (!existsSync(file)) return undefined;
  const { resource = {} }: { resource?: Record<string, unknown> } = JSON.parse(readFileSync(file, "utf8"));
  if (!("docker_service" in resource)) return undefined;
  return managerAmong(hosts);
}

/** Whether a host belongs to a Swarm; one whose engine does not answer yet is not known to. */
export async function isOfSwarm(host: StackHost): Promise<boolean> {
  const { stdout } = await runDocker(["info", "--format", "{{.Swarm.LocalNodeState}}"], { host });
  return stdout.trim() === "active";
}

/** The services of a stack. */
export async function servicesOf(manager: StackHost, stack: Stack): Promise<readonly SwarmService[]> {
  const words = ["service", "ls", "--quiet", ...labelFilters(stack)];
  const ids = (await docker(words, { host: manager })).split("\n").filter((id) => id !== "");
  if (ids.length === 0) return [];
  const services: Inspected[] = JSON.parse(
    await docker(["service", "inspect", ...ids], { host: manager, seconds: 60 }),
  );
  return Promise.all(
    services.map(async ({ ID, Spec }) => ({
      id: ID,
      name: Spec.Name,
      node: Spec.Labels[Label.node] ?? Spec.Name,
      role: Spec.Labels[Label.role] as Role,
      replicas: Spec.Mode.Replicated?.Replicas ?? 1,
      error: await errorOf(manager, ID),
    })),
  );
}

/** The machines of the Swarm; those that are down are known by their name only. */
export async function nodesOf(manager: StackHost): Promise<readonly SwarmNode[]> {
  const format = "{{.Hostname}}\t{{.Status}}\t{{.Availability}}\t{{.ManagerStatus}}";
  const listed = await docker(["node", "ls", "--format", format], { host: manager });
  return listed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", state = "", availability = "", role = ""] = line.split("\t");
      return { name, state, availability, manager: role === "" ? null : role };
    });
}

/** What is wrong with a machine, in one clause; undefined when nothing is. */
export function complaintOfNode({ name, state, availability, manager }: SwarmNode): string | undefined {
  if (state !== "Ready") return `${name} is ${state.toLowerCase()}: its tasks run elsewhere, where they may`;
  if (manager === "Unreachable") return `${name} does not answer the other managers`;
  if (availability !== "Active") return `${name} takes no tasks: it was set to ${availability.toLowerCase()}`;
  return undefined;
}

/** @throws Problem for a verb that stops single containers, which a Swarm starts again */
export function refuseSwarm(stack: Stack, verb: string): void {
  if (managerOf(stack) === undefined) return;
  throw new Problem({
    what: `npm run ${verb} does not work on a Swarm yet.`,
    value: `the stack ${stack.name} runs on ${stack.hosts.map(({ name }) => name).join(", ")}`,
    allowed: "a stack on one host, with Docker.on(target.host)",
    fix: "see docs/swarm.md for what to do by hand",
  });
}

async function errorOf(host: StackHost, service: string): Promise<string | undefined> {
  const words = ["service", "ps", "--no-trunc", "--format", "{{.Error}}", service];
  const [last = ""] = (await docker(words, { host })).split("\n");
  return last.replace(/^"|"$/g, "") || undefined;
}

interface Inspected {
  readonly ID: string;
  readonly Spec: {
    readonly Name: string;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Mode: { readonly Replicated?: { readonly Replicas?: number } };
  };
}
