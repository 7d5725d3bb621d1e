import { Label } from "../../modules/engine/labels.ts";
import type { Role } from "../../modules/engine/workload.ts";
import { docker } from "./docker.ts";
import { type JobStatus, jobsIn } from "./jobs.ts";
import type { Stack } from "./stack.ts";
import { HERE, type StackHost } from "./stack-host.ts";

/** A container of a stack, as the engine describes it. */
export interface Container {
  /** Whose engine runs it. */
  readonly host: StackHost;
  readonly id: string;
  readonly name: string;
  /** Id of the Swarm's service that it is a task of. */
  readonly service: string | undefined;
  readonly node: string;
  readonly workload: string;
  readonly role: Role;
  readonly state: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
  /** `none` when it has no health check, or does not run. */
  readonly health: "starting" | "healthy" | "unhealthy" | "none";
  /** What the last check that failed printed, with its exit code; undefined when none failed. */
  readonly healthOutput: string | undefined;
  /** What the scheduler in it told last, where there is one. */
  readonly jobs: readonly JobStatus[];
  /** What the last check printed although it passed; undefined when it said nothing, or failed. */
  readonly healthNote: string | undefined;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly created: Date;
  /** When it entered its state. */
  readonly since: Date;
  readonly restarts: number;
  /** In bytes; 0 means no limit. */
  readonly memoryLimit: number;
  /** Id of its image. */
  readonly image: string;
  readonly ports: readonly { readonly address: string; readonly host: number; readonly container: number }[];
  /** How long its stop may take, in seconds. */
  readonly stopGrace: number;
  /** Where the certificate of an edge comes from: `self-signed`, `files` or `acme`. */
  readonly certificate: string | undefined;
}

/** Roles whose health check tells of jobs. */
const SCHEDULERS: readonly string[] = ["job", "backup"] satisfies Role[];
const CERTIFICATE = "SLIPWAY_CERTIFICATE=";
const SERVICE = "com.docker.swarm.service.id";

/** When the containers of a role start; they stop in the opposite order. */
export const START_TURN: Readonly<Record<Role, number>> = {
  storage: 1,
  database: 1,
  replica: 2,
  pooler: 2,
  cache: 2,
  app: 3,
  job: 4,
  backup: 4,
  balancer: 4,
  edge: 5,
  acme: 6,
  publisher: 4,
};

/**
 * All containers of a stack, running or not, in the order in which they start; but not the tasks of a Swarm that have
 * ended, in whose place there are others.
 * @throws Problem that names the first host which does not answer
 */
export async function containersOf(stack: Stack): Promise<readonly Container[]> {
  return (await formerContainersOf(stack)).filter((container) => !isFormer(container));
}

/** The same, with the tasks that have ended: for who looks for the reason. */
export async function formerContainersOf(stack: Stack): Promise<readonly Container[]> {
  return byTurn(await Promise.all(stack.hosts.map((host) => containersOn(host, stack))));
}

/** Whether it is a task of a Swarm that has ended. */
export function isFormer({ service, state }: Container): boolean {
  return service !== undefined && (state === "exited" || state === "dead");
}

/** Those of one host, with former tasks. */
export async function containersOn(host: StackHost, stack: Stack): Promise<readonly Container[]> {
  const words = ["ps", "--all", "--quiet", "--no-trunc", ...labelFilters(stack)];
  const ids = (await docker(words, { host })).split("\n").filter((id) => id !== "");
  if (ids.length === 0) return [];
  return parseContainers(await docker(["container", "inspect", ...ids], { host }), host);
}

/** Of several hosts, in the order in which they start. */
export function byTurn(found: readonly (readonly Container[])[]): readonly Container[] {
  return found.flat().sort((a, b) => START_TURN[a.role] - START_TURN[b.role] || (a.node < b.node ? -1 : 1));
}

/** Arguments that limit a listing of the Docker client to a stack. */
export function labelFilters({ project, name }: Stack): readonly string[] {
  return ["--filter", `label=${Label.project}=${project}`, "--filter", `label=${Label.stack}=${name}`];
}

/** Reads what `docker container inspect` prints. */
export function parseContainers(json: string, host: StackHost = HERE): readonly Container[] {
  const inspected: Inspected[] = JSON.parse(json);
  return byTurn([inspected.map((one) => parse(one, host))]);
}

function parse(
  { Id, Name, Created, RestartCount, Image, Config, HostConfig, State }: Inspected,
  host: StackHost,
): Container {
  const label = (name: string) => Config.Labels[name] ?? "";
  const failed = State.Health?.Log?.findLast(({ ExitCode }) => ExitCode !== 0);
  const last = State.Health?.Log?.at(-1);
  const running = State.Status === "running" || State.Status === "paused";
  const since =
    State.Status === "created" ? Created : running ? State.StartedAt : (State.FinishedAt ?? Created);
  return {
    host,
    id: Id,
    name: Name.replace(/^\//, ""),
    service: Config.Labels[SERVICE],
    node: label(Label.node),
    workload: label(Label.workload),
    role: label(Label.role) as Role,
    state: State.Status,
    // The engine calls a container unhealthy that does not run at all.
    health: (State.Status === "running" && State.Health?.Status) || "none",
    healthOutput: failed && (failed.Output.trim() || `exit code ${failed.ExitCode}, without a word`),
    jobs: SCHEDULERS.includes(label(Label.role))
      ? jobsIn(
          (State.Health?.Log ?? []).map(({ Output }) => Output),
          label(Label.workload),
          running,
        )
      : [],
    healthNote: (last?.ExitCode === 0 && last.Output.trim()) || undefined,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    created: new Date(Created),
    since: new Date(since),
    restarts: RestartCount,
    memoryLimit: HostConfig.Memory,
    image: Image,
    ports: Object.entries(HostConfig.PortBindings ?? {}).flatMap(([container, bindings]) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => ({
        // A Swarm names none.
        address: HostIp || "0.0.0.0",
        host: Number(HostPort),
        container: Number.parseInt(container, 10),
      })),
    ),
    stopGrace: Config.StopTimeout ?? 10,
    certificate: Config.Env?.find((variable) => variable.startsWith(CERTIFICATE))?.slice(CERTIFICATE.length),
  };
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly RestartCount: number;
  readonly Image: string;
  readonly Config: {
    readonly Labels: Readonly<Record<string, string>>;
    readonly Env?: readonly string[] | null;
    readonly StopTimeout?: number;
  };
  readonly HostConfig: {
    readonly Memory: number;
    readonly PortBindings?: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
  };
  readonly State: {
    readonly Status: Container["state"];
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly StartedAt: string;
    readonly FinishedAt?: string;
    readonly Health?: {
      readonly Status: Container["health"];
      readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[] | null;
    };
  };
}
