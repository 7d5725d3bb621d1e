import { spawn } from "node:child_process";
import { once } from "node:events";
import { Label } from "../../modules/engine/labels.ts";
import { dockerCommand } from "../setup/engine.ts";
import { type RunOptions, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import type { Container } from "../stack/containers.ts";
import { docker } from "../stack/docker.ts";
import type { Stack } from "../stack/stack.ts";

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

  private constructor(name: string) {
    this.#name = name;
  }

  static async start({ stack, name, like, user, keeper, volumes }: HelperProps): Promise<Helper> {
    const full = `${stack.project}-${stack.name}-${name}`;
    await docker(["rm", "--force", full]).catch(() => undefined);
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
      { seconds: 120 },
    );
    for (const folder of [
      "/etc/slipway",
      "/run/secrets",
      ...(like === keeper ? ["/etc/ssh/ssh_config.d"] : []),
    ]) {
      await copy(keeper, full, folder);
    }
    await docker(["start", full], { seconds: 120 });
    return new Helper(full);
  }

  /** What a shell command printed. @throws Problem when it fails */
  run(script: string, options: RunOptions = {}): Promise<string> {
    return docker(["exec", this.#name, "sh", "-euc", script], { seconds: 86_400, ...options });
  }

  /** Removes it, whatever it is doing. */
  async remove(): Promise<void> {
    await docker(["rm", "--force", "--volumes", this.#name], { seconds: 120 });
  }
}

/** Removes containers and volumes that drills and restores of a stack have left behind. */
export async function removeHelpers({ project, name }: Stack): Promise<void> {
  const filters = ["--filter", `label=${Label.project}=${project}`, "--filter", `label=${HELPER}=${name}`];
  const listed = async (...words: string[]) =>
    (await docker([...words, "--quiet", ...filters])).split("\n").filter(Boolean);
  for (const id of await listed("ps", "--all")) await docker(["rm", "--force", id], { seconds: 120 });
  for (const id of await listed("volume", "ls"))
    await docker(["volume", "rm", "--force", id], { seconds: 120 });
}

/** Makes a volume that {@link removeHelpers} finds. */
export async function helperVolume(stack: Stack, name: string): Promise<string> {
  const full = `${stack.project}-${stack.name}-${name}`;
  await docker(["volume", "create", ...helperLabels(stack), full]);
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
  return JSON.parse(await docker(["container", "inspect", "--format", "{{json .Mounts}}", container.id]));
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
  const names = (await docker(["container", "inspect", "--format", format, keeper.id])).trim().split(" ");
  return names[0] || "none";
}

/** The variables that lead to the repository; none is secret. */
async function settingsOf(keeper: Container): Promise<readonly string[]> {
  const format = "{{json .Config.Env}}";
  const variables: string[] = JSON.parse(
    await docker(["container", "inspect", "--format", format, keeper.id]),
  );
  return variables.filter((variable) => /^(RESTIC|AWS|SLIPWAY)_/.test(variable));
}

/** Copies what is in a folder from one container to another, with its modes; neither has to run. */
async function copy(from: Container, to: string, folder: string): Promise<void> {
  const [command = "docker", ...out] = dockerCommand(thisMachine, ["cp", `${from.id}:${folder}/.`, "-"]);
  const [, ...back] = dockerCommand(thisMachine, ["cp", "-", `${to}:${folder}`]);
  const source = spawn(command, out, { stdio: ["ignore", "pipe", "inherit"] });
  const target = spawn(command, back, { stdio: ["pipe", "ignore", "inherit"] });
  source.stdout.pipe(target.stdin);
  target.stdin.on("error", () => undefined);
  const codes = await Promise.all([source, target].map((child) => once(child, "close")));
  if (codes.some(([code]) => code !== 0)) {
    throw new Problem({
      what: `${folder} could not be copied from ${from.node}.`,
      fix: "look at what Docker says above",
    });
  }
}
