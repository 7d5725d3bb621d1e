import { type DrillRecord, lastRecord } from "../backup/drill-record.ts";
import { Problem } from "../setup/problem.ts";
import { type Address, addressesOf } from "./addresses.ts";
import { certificateNote } from "./certificate-note.ts";
import { byTurn, type Container, containersOn, isFormer } from "./containers.ts";
import { type DeclaredNode, declarationOf } from "./declaration.ts";
import { descriptionOf } from "./description.ts";
import { docker } from "./docker.ts";
import { absentNodes, complaint, noteOf } from "./health.ts";
import { type JobStatus, jobsOf } from "./jobs.ts";
import { noSuchStack, type Stack } from "./stack.ts";
import type { StackHost } from "./stack-host.ts";
import { isUnusable, type StorageStatus, storageOf } from "./storage.ts";
import { managerOf, nodesOf, type SwarmNode, type SwarmService, servicesOf } from "./swarm.ts";
import { type OrphanedVolume, orphanedVolumes } from "./volumes.ts";

/** What `npm run status -- --json` prints. Keys are only ever added. */
export interface Status {
  readonly stack: string;
  readonly project: string;
  /** Whether everything declared runs and is healthy. */
  readonly ok: boolean;
  readonly addresses: readonly Address[];
  readonly hosts: readonly HostStatus[];
  /** The machines of the Swarm; null where there is none, or no manager of it answers. */
  readonly swarm: readonly SwarmNode[] | null;
  readonly nodes: readonly NodeStatus[];
  /** What is done at its times; a run that was not good does not change `ok`. */
  readonly jobs: readonly JobStatus[];
  /** Databases of servers that are not of the stack; nobody looks at them from here. */
  readonly external: readonly ExternalStatus[];
  /** What volumes with data have left; a storage that does not answer, or is full, changes `ok`. */
  readonly storage: readonly StorageStatus[];
  /** The last drill of its backups; null when there was none. */
  readonly drill: Pick<DrillRecord, "date" | "ok"> | null;
  /** Volumes with files that the stack does not declare any more; they change nothing of `ok`. */
  readonly orphans: readonly OrphanedVolume[];
}

/** A database that the nodes look for elsewhere: their health tells whether they found it. */
export interface ExternalStatus {
  readonly name: string;
  /** `host:port/database` */
  readonly address: string;
}

/** A machine that the stack runs on. */
export interface HostStatus {
  readonly name: string;
  /** `ssh://…`; null for the engine of this machine. */
  readonly engine: string | null;
  /** Why it does not answer, in a few lines; null when it does. */
  readonly problem: string | null;
}

/** One container, or one that is missing. */
export interface NodeStatus {
  readonly node: string;
  /** Name of the host that runs it; null when there is no container. */
  readonly host: string | null;
  readonly workload: string;
  readonly role: string;
  /** Name of the container; null when there is none. */
  readonly container: string | null;
  /** The engine's word for its state, or `missing`. */
  readonly state: string;
  /** `starting`, `healthy`, `unhealthy` or `none`. */
  readonly health: string;
  /** When it entered its state, in ISO 8601; null when there is none. */
  readonly since: string | null;
  readonly restarts: number;
  /** In bytes; `used` is null for what does not run, `limit` 0 without one. */
  readonly memory: { readonly used: number | null; readonly limit: number };
  /** `project/name:hash` */
  readonly image: string;
  /** Ports of the host, such as `127.0.0.1:8443->8443`. */
  readonly ports: readonly string[];
  /** What is wrong, in one clause; null when nothing is. */
  readonly problem: string | null;
  /** What should be looked at although all is well, in one clause; null when there is nothing. */
  readonly note: string | null;
}

/**
 * Looks at a stack. Of several hosts, those that do not answer are told, and the others are looked at all the same.
 * @throws Problem when there is no such stack, or none of its hosts answers
 */
export async function statusOf(stack: Stack): Promise<Status> {
  const seen = await Promise.all(stack.hosts.map((host) => lookAt(stack, host)));
  const answers = seen.flatMap((one) => (one instanceof Problem ? [] : [one]));
  const silence = seen.find((one) => one instanceof Problem);
  if (answers.length === 0 && silence !== undefined) throw silence;
  const containers = byTurn(answers.map((one) => one.containers)).filter((one) => !isFormer(one));
  const images = answers.map((one) => one.images).join("\n");
  const memory = answers.map((one) => one.memory).join("\n");
  requireKnown(stack, containers);
  const edge = containers.find(({ role }) => role === "edge");
  const certificate = edge && (await certificateNote(stack.target, edge));
  const judged = judge(
    stack,
    declarationOf(stack),
    containers,
    parsePairs(images),
    parseMemory(memory),
    certificate,
  );
  const [swarm, storage] = await Promise.all([
    swarmOf(stack),
    storageOf(descriptionOf(stack)?.workloads ?? [], containers),
  ]);
  return {
    ...judged,
    nodes: judged.nodes.map((node) => (node.state === "missing" ? untasked(node, swarm?.services) : node)),
    ok: judged.ok && silence === undefined && !storage.some(isUnusable),
    storage,
    swarm: swarm?.nodes ?? null,
    hosts: stack.hosts.map(({ name, host }, at) => {
      const one = seen[at];
      return { name, engine: host.engine ?? null, problem: one instanceof Problem ? one.message : null };
    }),
    external: externalOf(stack),
    drill: drillOf(stack),
    orphans: answers.flatMap((one) => one.orphans),
  };
}

/** What one host tells; the problem, where it does not answer. */
async function lookAt(stack: Stack, host: StackHost) {
  // The images of two projects may be the same, under two names.
  const format = "{{.ID}}\t{{.Repository}}:{{.Tag}}";
  const images = ["image", "ls", "--no-trunc", "--format", format, `${stack.project}/*`];
  const stats = ["stats", "--no-stream", "--no-trunc", "--format", "{{.ID}}\t{{.MemUsage}}"];
  try {
    const found = await Promise.all([
      containersOn(host, stack),
      docker(images, { host }),
      // The client ends with an error when a container goes away while it looks.
      docker(stats, { host }).catch(() => ""),
      orphanedVolumes(stack, host),
    ]);
    return { containers: found[0], images: found[1], memory: found[2], orphans: found[3] };
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** What only a manager of a Swarm knows. */
async function swarmOf(stack: Stack) {
  const manager = managerOf(stack);
  if (manager === undefined) return undefined;
  try {
    const [nodes, services] = await Promise.all([nodesOf(manager), servicesOf(manager, stack)]);
    return { nodes, services };
  } catch (error) {
    // That it does not answer is told of it as a host.
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** Why a service has no task, as far as the Swarm tells. */
function untasked(node: NodeStatus, services: readonly SwarmService[] = []): NodeStatus {
  const service = services.find((one) => one.node === node.node);
  if (service === undefined) return node;
  if (service.replicas === 0) return { ...node, problem: "was stopped; npm start goes on with it" };
  return { ...node, problem: `has no task: ${service.error ?? "the Swarm has not placed it yet"}` };
}

/** @throws Problem when a stack was neither synthesized nor deployed */
export function requireKnown(stack: Stack, containers: readonly Container[]): void {
  if (containers.length === 0 && declarationOf(stack) === undefined) throw noSuchStack(stack.name);
}

function drillOf(stack: Stack): Status["drill"] {
  const last = lastRecord(stack);
  return last === undefined ? null : { date: last.date, ok: last.ok };
}

/** What the description of the stack says of databases elsewhere. */
function externalOf(stack: Stack): readonly ExternalStatus[] {
  const { externalDatabases = [] } = descriptionOf(stack) ?? {};
  return externalDatabases.map(({ name, host, port, database }) => ({
    name,
    address: `${host}:${port}/${database}`,
  }));
}

/** Compares what runs with what is declared; without a declaration, what runs is all there is. */
export function judge(
  stack: Stack,
  declared: readonly DeclaredNode[] | undefined,
  containers: readonly Container[],
  images: ReadonlyMap<string, string>,
  memory: ReadonlyMap<string, number>,
  certificate?: string,
): Omit<Status, "external" | "drill" | "hosts" | "storage" | "swarm" | "orphans"> {
  const nodes = [
    ...containers.map((container) => present(container, declared, images, memory)),
    ...absentNodes(declared ?? [], containers).map(absent),
  ];
  return {
    stack: stack.name,
    project: stack.project,
    ok: nodes.length > 0 && nodes.every(({ problem }) => problem === null),
    addresses: addressesOf(stack, containers, certificate),
    nodes,
    jobs: jobsOf(containers),
  };
}

function present(
  container: Container,
  declared: readonly DeclaredNode[] | undefined,
  images: ReadonlyMap<string, string>,
  memory: ReadonlyMap<string, number>,
): NodeStatus {
  const { host, id, name, node, workload, role, state, health, since, restarts, memoryLimit, image, ports } =
    container;
  const stray = declared !== undefined && !declared.some((one) => one.node === node);
  return {
    node,
    host: host.name,
    workload,
    role,
    container: name,
    state,
    health,
    since: since.toISOString(),
    restarts,
    memory: { used: memory.get(id) ?? null, limit: memoryLimit },
    image: images.get(image) ?? image,
    ports: ports.map(({ address, host: port, container }) => `${address}:${port}->${container}`),
    note: noteOf(container) ?? null,
    problem: complaint(container) ?? (stray ? "is not declared any more; npm start removes it" : null),
  };
}

function absent({ node, workload, role, image, ports }: DeclaredNode): NodeStatus {
  return {
    node,
    host: null,
    workload,
    role,
    container: null,
    state: "missing",
    health: "none",
    since: null,
    restarts: 0,
    memory: { used: null, limit: 0 },
    image,
    ports: ports.map(({ address, host, container }) => `${address}:${host}->${container}`),
    note: null,
    problem: "is declared, but there is no container; npm start makes it",
  };
}

/** Reads lines of two columns; of several lines with the same first column the first counts. */
export function parsePairs(text: string): ReadonlyMap<string, string> {
  const pairs = text.split("\n").map((line) => line.split("\t"));
  return new Map(pairs.reverse().flatMap(([key, value]) => (key && value ? [[key, value] as const] : [])));
}

/** Reads `id<TAB>13.37MiB / 512MiB`, as `docker stats` prints it, to bytes in use. */
export function parseMemory(text: string): ReadonlyMap<string, number> {
  const units: Readonly<Record<string, number>> = {
    B: 1,
    KiB: 2 ** 10,
    MiB: 2 ** 20,
    GiB: 2 ** 30,
    TiB: 2 ** 40,
  };
  const entries = [...parsePairs(text)].flatMap(([id, usage]) => {
    const [, value, unit = ""] = /^([\d.]+)([KMGT]?i?B)/.exec(usage) ?? [];
    const factor = units[unit];
    // Without the kernel's memory controller the engine says 0 B; nothing that runs needs none.
    return value === undefined || factor === undefined || Number(value) === 0
      ? []
      : [[id, Math.round(Number(value) * factor)] as const];
  });
  return new Map(entries);
}
