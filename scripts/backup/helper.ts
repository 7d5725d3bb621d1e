import { once } from "node:events";
import { Label } from "../../modules/engine/labels.ts";
import type { RunOptions } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import type { Container } from "../stack/containers.ts";
import { docker, spawnDocker } from "../stack/docker.ts";
import type { Stack } from "../stack/stack.ts";
import type { StackHost } from "../stack/stack-host.ts";

/** Marks what a drill or a restore makes for itself, with the stack that it belongs to. */
export const HELPER = "slipway.helper";

export interface HelperProps {
  readonly stack: Stack;
  /** Last part of its name: `drill-db`. */
  readonly name: string;
  /** Whose image it has. */
  readonly like: Container;
  readonly user: number;
  /** Whose configuration and secrets it has, and whose networks where that leads to a repository elsewhere. */
  readonly keeper: Container;
  /** `volume:path` or `volume:path:ro`. */
  readonly volumes: readonly string[];
}

/** A container of our own, for a task, that has the tools and the configuration of one of the stack's. */
export class Helper {
  readonly #name: string;
  readonly #host: StackHost;

  private constructor(name: string, host: StackHost) {
    this.#name = name;
    this.#host = host;
  }

  static async start({ stack, name, like, user, keeper, volumes }: HelperProps): Promise<Helper> {
    const full = `${stack.project}-${stack.name}-${name}`;
    const { host } = keeper;
    await docker(["rm", "--force", full], { host }).catch(() => undefined);
    await docker(
      [
        ...["create", "--name", full, "--init", "--user", `${user}`],
        ...helperLabels(stack),
        ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--shm-size", "256m"],
        ...["--network", await networkOf(keeper), "--restart", "no", "--entrypoint", "sleep"],
        ...volumes.flatMap((volume) => ["--volume", volume]),
        ...(await settingsOf(keeper)).flatMap((setting) => ["--env", setting]),
        ...[like.image, "infinity"],
      ],
      { host, seconds: 120 },
    );
    for (const folder of [
      "/etc/slipway",
      "/run/secrets",
      ...(like === keeper ? ["/etc/ssh/ssh_config.d"] : []),
    ]) {
      await copy(keeper, full, folder);
    }
    await docker(["start", full], { host, seconds: 120 });
    return new Helper(full, host);
  }

  /** What a shell command printed. @throws Problem when it fails */
  run(script: string, options: RunOptions = {}): Promise<string> {
    return docker(["exec", this.#name, "sh", "-euc", script], {
      host: this.#host,
      seconds: 86_400,
      ...options,
    });
  }

  /** Removes it, whatever it is doing. */
  async remove(): Promise<void> {
    await docker(["rm", "--force", "--volumes", this.#name], { host: this.#host, seconds: 120 });
  }
}

/** Removes containers and volumes that drills and restores of a stack have left behind. */
export async function removeHelpers({ project, name, hosts }: Stack): Promise<void> {
  const filters = ["--filter", `label=${Label.project}=${project}`, "--filter", `label=${HELPER}=${name}`];
  for (const host of hosts) {
    const options = { host, seconds: 120 };
    const listed = async (...words: string[]) =>
      (await docker([...words, "--quiet", ...filters], { host })).split("\n").filter(Boolean);
    for (const id of await listed("ps", "--all")) await docker(["rm", "--force", id], options);
    for (const id of await listed("volume", "ls")) await docker(["volume", "rm", "--force", id], options);
  }
}

/** Makes a volume that {@link removeHelpers} finds. */
export async function helperVolume(stack: Stack, host: StackHost, name: string): Promise<string> {
  const full = `${stack.project}-${stack.name}-${name}`;
  await docker(["volume", "create", ...helperLabels(stack), full], { host });
  return full;
}

/** Name of the volume that a container has at a path. @throws Problem when it has none there */
export async function volumeAt(container: Container, path: string): Promise<string> {
  const mounts = await mountsOf(container);
  const volume = mounts.find(({ Destination }) => Destination === path)?.Name;
  if (volume !== undefined) return volume;
  throw new Problem({
    what: `${container.node} has no volume at ${path}.`,
    fix: "npm start brings it to what the stack says",
  });
}

export async function mountsOf(container: Container): Promise<readonly Mount[]> {
  return JSON.parse(await inspected(container, "{{json .Mounts}}"));
}

export interface Mount {
  readonly Name?: string;
  readonly Destination: string;
  readonly RW: boolean;
}

function helperLabels({ project, name }: Stack): readonly string[] {
  return ["--label", `${Label.project}=${project}`, "--label", `${HELPER}=${name}`];
}

async function networkOf(keeper: Container): Promise<string> {
  const format = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}";
  const names = (await inspected(keeper, format)).trim().split(" ");
  return names[0] || "none";
}

/** The variables that lead to the repository; none is secret. */
async function settingsOf(keeper: Container): Promise<readonly string[]> {
  const variables: string[] = JSON.parse(await inspected(keeper, "{{json .Config.Env}}"));
  return variables.filter((variable) => /^(RESTIC|AWS|SLIPWAY)_/.test(variable));
}

function inspected({ id, host }: Container, format: string): Promise<string> {
  return docker(["container", "inspect", "--format", format, id], { host });
}

/** Copies what is in a folder from one container to another, with its modes; neither has to run. */
async function copy(from: Container, to: string, folder: string): Promise<void> {
  const source = spawnDocker(["cp", `${from.id}:${folder}/.`, "-"], ["ignore", "pipe", "inherit"], from.host);
  const target = spawnDocker(["cp", "-", `${to}:${folder}`], ["pipe", "ignore", "inherit"], from.host);
  if (target.stdin !== null) source.stdout?.pipe(target.stdin);
  target.stdin?.on("error", () => undefined);
  const codes = await Promise.all([source, target].map((child) => once(child, "close")));
  if (codes.some(([code]) => code !== 0)) {
    throw new Problem({
      what: `${folder} could not be copied from ${from.node}.`,
      fix: "look at what Docker says above",
    });
  }
}
