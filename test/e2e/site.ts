import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { docker, ok, type Result, run, until } from "./run.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What `docker inspect` tells of a container, as far as the tests look. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: {
    readonly Labels: Record<string, string>;
    readonly Env: readonly string[];
    readonly User: string;
  };
  readonly State: { readonly Status: string; readonly Health?: { readonly Status: string } };
  readonly HostConfig: { readonly PortBindings: Record<string, unknown> };
}

/** A stack of the tests' own on the real engine: other names, ports, secrets and state than a developer's. */
export class Site {
  readonly project: string;
  readonly stack: string;
  readonly https: string;
  readonly http: string;
  readonly directory: string;
  readonly outdir: string;
  /** What to run instead of stacks/main.ts. */
  readonly #main: string;
  readonly #context: Record<string, unknown>;

  constructor(
    project: string,
    ports: { http: number; https: number },
    main = "stacks/main.ts",
    stack = "dev",
    /** Address of the host of the edge, and the hosts of the stack, where it is not this machine. */
    elsewhere?: { readonly address: string; readonly hosts: readonly object[] },
  ) {
    this.project = project;
    this.stack = stack;
    const { address } = elsewhere ?? { address: "127.0.0.1" };
    this.https = `https://${address}:${ports.https}`;
    this.http = `http://${address}:${ports.http}`;
    this.directory = join(ROOT, ".slipway", "tests", project);
    this.outdir = join(ROOT, "cdktf.out", "tests", project);
    this.#main = main;
    const listening = elsewhere && { address: "0.0.0.0", hosts: elsewhere.hosts };
    const target = { hostname: "localhost", aliases: [address], ports, ...listening };
    this.#context = { project, directory: this.directory, [stack]: target };
  }

  /** Environment of every command for this site. */
  env(context: Record<string, unknown> = {}): Record<string, string> {
    return {
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...this.#context, ...context }),
      CDKTF_OUTDIR: this.outdir,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
    };
  }

  /** A verb of the project, such as `start`. */
  verb(
    name: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
    kill?: AbortSignal,
  ): Promise<Result> {
    return run("node", ["--import", "tsx", `scripts/${name}.ts`, ...args], {
      cwd: ROOT,
      env: { ...this.env(), ...env },
      limit: 900,
      ...(kill !== undefined && { kill }),
    });
  }

  synth(context: Record<string, unknown> = {}): Promise<Result> {
    return run("node", ["--import", "tsx", this.#main], { cwd: ROOT, env: this.env(context) });
  }

  terraform(...args: readonly string[]): Promise<Result> {
    return run("terraform", args, { cwd: this.workingDirectory, env: this.env(), limit: 900 });
  }

  get workingDirectory(): string {
    return join(this.outdir, "stacks", this.stack);
  }

  /** Synthesizes and applies, without the verbs: what `cdktf deploy` does. */
  async deploy(context: Record<string, unknown> = {}): Promise<Result> {
    const synth = await this.synth(context);
    if (synth.code !== 0) return synth;
    if (!existsSync(join(this.workingDirectory, ".terraform"))) await this.terraform("init", "-no-color");
    return this.terraform("apply", "-auto-approve", "-no-color");
  }

  /** 0 when nothing is to be done, 2 when something is. */
  async pending(): Promise<number | null> {
    return (await this.terraform("plan", "-detailed-exitcode", "-no-color")).code;
  }

  async containers(): Promise<Inspected[]> {
    const ids = await this.#ids("ps", "--all", "--quiet");
    return ids.length === 0 ? [] : JSON.parse(await docker("inspect", ...ids));
  }

  /** Name of the container of a node, such as `guestbook-1`. */
  async container(node: string): Promise<string> {
    const found = (await this.containers()).find(({ Config }) => Config.Labels["slipway.node"] === node);
    if (found === undefined) throw new Error(`no container of ${node}`);
    return found.Name.slice(1);
  }

  /** What a command says in the container of a node. */
  async exec(node: string, ...words: readonly string[]): Promise<string> {
    return docker("exec", await this.container(node), ...words);
  }

  async health(node: string): Promise<string | undefined> {
    return (await this.containers()).find(({ Config }) => Config.Labels["slipway.node"] === node)?.State
      .Health?.Status;
  }

  async allHealthy(): Promise<void> {
    await until("every container is healthy", 120, async () => {
      const containers = await this.containers();
      return containers.length > 0 && containers.every(({ State }) => State.Health?.Status === "healthy");
    });
  }

  /** The values of all secrets of the stack. */
  secrets(): string[] {
    const folder = join(this.directory, this.project, "secrets", this.stack);
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").trim());
  }

  /** Everything that this site left on the machine. */
  async remove(): Promise<void> {
    const containers = await this.#ids("ps", "--all", "--quiet");
    if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
    for (const kind of ["network", "volume"]) {
      const names = await this.#ids(kind, "ls", "--quiet");
      if (names.length > 0) await docker(kind, "rm", ...names);
    }
    for (const folder of [this.directory, this.outdir]) rmSync(folder, { recursive: true, force: true });
  }

  async #ids(...command: readonly string[]): Promise<string[]> {
    const output = await ok("docker", [...command, "--filter", `label=slipway.project=${this.project}`]);
    return output.split("\n").filter((line) => line !== "");
  }
}
