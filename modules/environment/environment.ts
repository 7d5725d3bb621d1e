/**
 * The base of every stack: one engine, one set of names, secrets and rules.
 *
 *     export class Dev extends Environment {
 *       constructor(scope: Construct, target: Target) {
 *         super(scope, "dev", { engine: Docker.on(target.host), purpose: "development" });
 */
import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { App, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { Engine } from "../engine/engine.ts";
import { SecretStore } from "../engine/secret-store.ts";
import type { Host } from "../hosts/host.ts";
import { withRelease } from "../release/release-resource.ts";
import { writeRevision } from "../release/revision.ts";
import type { Description, Purpose } from "../rules/description.ts";
import { report } from "../rules/report.ts";
import type { Waiver } from "../rules/rule.ts";
import { Backend } from "../state/backend.ts";
import { encryption } from "../state/encryption.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import type { Secret } from "../values/secret.ts";
import { writeDescription } from "./description-file.ts";
import { copyLockfile } from "./lockfile.ts";
import type { Module } from "./module.ts";
import { checkOutages, type Outage } from "./outage.ts";
import { projectFolder, settingsOf } from "./settings.ts";
import { StateBackend } from "./state-backend.ts";
import { targetOf } from "./target.ts";

export interface EnvironmentProps {
  /** What the workloads run on. */
  readonly engine: Engine;
  /** What it is for; several rules hold for production only. */
  readonly purpose: Purpose;
  /** Rules that are set aside, each with its reason. @default none */
  readonly waivers?: readonly Waiver[];
  /** What this change of the stack interrupts, each with its reason; `npm run review` asks for it. @default nothing */
  readonly outages?: readonly Outage[];
  /** Where Terraform keeps the state. @default Backend.local(), a file below .slipway */
  readonly backend?: Backend;
}

/** A stack of modules that is checked as a whole before it is written. */
export class Environment extends TerraformStack {
  readonly purpose: Purpose;
  readonly #engine: Engine;
  readonly #waivers: readonly Waiver[];
  readonly #outages: readonly Outage[];
  readonly #backend: Backend;
  readonly #modules: Module[] = [];

  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id);
    this.purpose = props.purpose;
    this.#engine = props.engine;
    this.#waivers = props.waivers ?? [];
    this.#outages = checkOutages(id, props.outages ?? []);
    this.#backend = props.backend ?? Backend.local();
    this.node.addValidation({ validate: () => report(this.describe(), this.#waivers) });
  }

  /**
   * The environment that a construct stands in.
   * @throws Error when it stands in another kind of stack.
   */
  static override of(construct: IConstruct): Environment {
    const stack = TerraformStack.of(construct);
    if (stack instanceof Environment) return stack;
    throw new Error(`${construct.node.path} stands in a plain TerraformStack; modules need an Environment.`);
  }

  /** Takes a module in. Constructors of modules call it. */
  add(module: Module): void {
    this.#modules.push(module);
  }

  /** The secrets that the workloads of all other modules get. */
  secretsBeside(module: Module): readonly Secret[] {
    return this.#modules
      .filter((other) => other !== module)
      .flatMap((other) => other.workloads())
      .flatMap(({ secrets }) => secrets.map(({ secret }) => secret));
  }

  /** Everything that rules look at. */
  describe(): Description {
    const contributions = this.#modules.map((module) => module.describe());
    return {
      purpose: this.purpose,
      ...(this.#engine.swarm !== undefined && { swarm: this.#engine.swarm }),
      hosts: this.#engine.hosts,
      state: { kind: this.#backend.kind, isEncrypted: this.#backend.passphrase !== undefined },
      workloads: this.#modules.flatMap((module) =>
        module.workloads().map((workload) => ({ path: module.path, workload })),
      ),
      databases: contributions.flatMap(({ databases = [] }) => databases),
      externalDatabases: contributions.flatMap(({ externalDatabases = [] }) => externalDatabases),
      sharedFolders: contributions.flatMap(({ sharedFolders = [] }) => sharedFolders),
      apps: contributions.flatMap(({ apps = [] }) => apps),
      edges: contributions.flatMap(({ edges = [] }) => edges),
      balancers: contributions.flatMap(({ balancers = [] }) => balancers),
      backups: contributions.flatMap(({ backups = [] }) => backups),
      fileServers: contributions.flatMap(({ fileServers = [] }) => fileServers),
    };
  }

  /** Called by cdktf before it writes the stack; everything that modules said is final by now. */
  override prepareStack(): void {
    this.#refuseOtherHosts();
    const settings = settingsOf(this);
    const workingDirectory = this.#workingDirectory();
    const folder = projectFolder(settings);
    // A broken environment is reported as a whole by its rules; half of its resources would only add noise.
    if (report(this.describe(), this.#waivers).length === 0) {
      this.#keepState(settings.project, folder, workingDirectory);
      // The state names everything that runs on the engine, whoever it belongs to.
      mkdirSync(join(folder, "state"), { recursive: true, mode: 0o700 });
      this.#engine.provision(this, {
        project: settings.project,
        stack: this.node.id,
        workloads: this.#modules.flatMap((module) => module.workloads()),
        secrets: new SecretStore(join(folder, "secrets", this.node.id)),
        workingDirectory,
        sshFolder: join(folder, "ssh", this.node.id),
      });
      copyLockfile(workingDirectory);
      const described = this.describe();
      const places = this.#engine.placesOf(described.workloads.map(({ workload }) => workload));
      writeDescription(workingDirectory, described, places, {
        waivers: this.#waivers,
        outages: this.#outages,
      });
      writeRevision(workingDirectory);
    }
    super.prepareStack();
  }

  #keepState(project: string, folder: string, workingDirectory: string): void {
    const stack = this.node.id;
    const file = relative(workingDirectory, join(folder, "state", `${stack}.tfstate`));
    new StateBackend(this, this.#backend, { project, stack, file });
    const { passphrase } = this.#backend;
    if (passphrase === undefined) return;
    const stored = new SecretStore(join(folder, "secrets", stack)).get(passphrase);
    this.addOverride("terraform.encryption", encryption(relative(workingDirectory, stored.file)));
  }

  /** Called by cdktf for the text of the stack; the release stands for all that is in it. */
  override toTerraform(): ReturnType<TerraformStack["toTerraform"]> {
    const workingDirectory = this.#workingDirectory();
    const settings = settingsOf(this);
    return withRelease(
      super.toTerraform(),
      { project: settings.project, stack: this.node.id, engine: this.#engine.description },
      {
        project: relative(workingDirectory, process.cwd()),
        releases: relative(workingDirectory, join(projectFolder(settings), "releases", this.node.id)),
      },
    );
  }

  /** Folder that Terraform runs in, absolute. */
  #workingDirectory(): string {
    return resolve(App.of(this).outdir, "stacks", this.node.id);
  }

  /** The verbs look where the context says, so the engine must be there too. @throws InvalidValue when it is elsewhere */
  #refuseOtherHosts(): void {
    const stack = this.node.id;
    if (this.node.tryGetContext(stack)?.hosts === undefined) return;
    const written = targetOf(this, stack).hosts.map(shown);
    const used = this.#engine.hosts.map(shown);
    if (written.join() === used.join()) return;
    throw new InvalidValue({
      what: `context ${stack}.hosts`,
      got: written.join(", "),
      allowed: `the hosts that the stack runs on: ${used.join(", ")}`,
      fix:
        written.length > 1
          ? "Write engine: Swarm.of(target.hosts) for several hosts, or leave one of them in the context"
          : "Write engine: Docker.on(target.host) in the stack, or leave hosts out of the context",
    });
  }
}

function shown({ name, engine = "the engine of this machine" }: Host): string {
  return `${name} (${engine})`;
}
