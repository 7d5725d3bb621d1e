import { lookup } from "node:dns/promises";
import pc from "picocolors";
import { isLoopback } from "../modules/rules/loopback.ts";
import { access, confirm } from "./bootstrap/access.ts";
import { HostBootstrap, type HostTask } from "./bootstrap/host-bootstrap.ts";
import { hostTasks } from "./bootstrap/host-tasks.ts";
import { operatorKeys } from "./bootstrap/operator-keys.ts";
import { preflight } from "./bootstrap/preflight.ts";
import { RemoteShell } from "./bootstrap/remote-shell.ts";
import { storedIn } from "./bootstrap/stored.ts";
import { formSwarm } from "./bootstrap/swarm.ts";
import { run, verb } from "./command.ts";
import { BASE_IMAGE, baseImage } from "./setup/base-image.ts";
import { askOnTerminal } from "./setup/consent.ts";
import { interruptible } from "./setup/interrupt.ts";
import { Problem } from "./setup/problem.ts";
import { ensure } from "./setup/requirement.ts";
import type { DeclaredNode } from "./stack/declaration.ts";
import { descriptionOf } from "./stack/description.ts";
import { step } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import type { StackHost } from "./stack/stack-host.ts";
import { synthesize } from "./stack/synthesis.ts";
import { list } from "./stack/words.ts";

interface Options {
  readonly dryRun?: true;
  readonly json?: true;
  readonly login: string;
  readonly key?: string;
  readonly swarm?: true;
  readonly yes?: true;
}

async function bootstrap(name: string, names: readonly string[], options: Options): Promise<void> {
  const stack = stackOf(name);
  const hosts = chosen(stack, names);
  const { signal } = interruptible("run it again to go on");
  const quiet = options.json === true;
  const show: typeof step = (title, work, say) => (quiet ? work(() => undefined) : step(title, work, say));
  const declared = await show("Synthesis", () => synthesize(stack, signal));
  const swarm = options.swarm === true || stack.hosts.length > 1;
  const addresses = new Map(
    await Promise.all(stack.hosts.map(async (host) => [host, await addressOf(host)] as const)),
  );
  const plans: HostBootstrap[] = [];
  for (const host of hosts) {
    plans.push(
      await show(
        `Look at ${host.name}`,
        async () => {
          const shell = new RemoteShell(host, options.login);
          const peers = swarm ? [...addresses].flatMap(([one, ip]) => (one === host ? [] : [ip])) : [];
          return HostBootstrap.plan(
            shell,
            await tasksOf(stack, shell, { declared, swarm, peers, options, signal }),
          );
        },
        ({ todo }) => (todo.length === 0 ? "nothing to do" : `${todo.length} to do`),
      ),
    );
    signal.throwIfAborted();
  }
  const idle = plans.every(({ todo }) => todo.length === 0);
  process.stdout.write(quiet ? toJson(plans) : describe(plans));
  if (idle || options.dryRun) {
    if (!quiet) process.stdout.write(idle ? "" : "\nNothing was changed.\n");
    return;
  }
  await consent(plans, options);
  for (const plan of plans.filter(({ todo }) => todo.length > 0)) {
    await show(`Prepare ${plan.shell.host.name}`, (note) => plan.run(note));
    signal.throwIfAborted();
  }
  if (swarm) {
    const members = stack.hosts.map((host) => ({
      shell: plans.find(({ shell }) => shell.host === host)?.shell ?? new RemoteShell(host, options.login),
      address: addresses.get(host) ?? "",
      manager: host.roles.includes("manager"),
    }));
    await show(
      "Swarm",
      () => formSwarm(members),
      (done) => (done.length === 0 ? "as it should be" : list(done)),
    );
  }
  for (const plan of plans) {
    await show(
      `Look at ${plan.shell.host.name} again`,
      () => plan.check(),
      () => "as it should be",
    );
  }
  if (!quiet) process.stdout.write(`\nReady: npm start -- ${name}, or npx cdktf deploy ${name}\n`);
}

/** @throws Problem for a name that no host has, and for a stack that SSH leads nowhere for */
function chosen(stack: Stack, names: readonly string[]): readonly StackHost[] {
  const remote = stack.hosts.filter(({ host }) => host.ssh !== undefined);
  const unknown = names.find((name) => !remote.some((host) => host.name === name));
  if (remote.length > 0 && unknown === undefined) {
    return names.length === 0 ? remote : remote.filter(({ name }) => names.includes(name));
  }
  throw new Problem({
    what:
      remote.length === 0
        ? `No host of the stack ${stack.name} is reached by SSH, so there is nothing to prepare.`
        : `The stack ${stack.name} has no such host.`,
    ...(unknown !== undefined && { value: JSON.stringify(unknown) }),
    allowed:
      list(remote.map(({ name }) => name)) || `hosts in context.${stack.name} of cdktf.json (docs/hosts.md)`,
    fix: remote.length === 0 ? "write them there" : "name one of these, or none for all",
  });
}

async function tasksOf(
  stack: Stack,
  shell: RemoteShell,
  more: {
    readonly declared: readonly DeclaredNode[];
    readonly swarm: boolean;
    readonly peers: readonly string[];
    readonly options: Options;
    readonly signal: AbortSignal;
  },
): Promise<readonly HostTask[]> {
  const { declared, swarm, peers, options, signal } = more;
  const { host } = shell;
  const { debian, sshPorts, inSwarm } = await preflight(shell);
  const user = host.host.ssh?.user ?? options.login;
  const stored = storedIn(descriptionOf(stack) ?? {});
  // A file server is for its clients, and not for everybody.
  const published = declared
    .filter(({ role }) => role !== "storage")
    .flatMap(({ ports }) => ports.filter(({ address }) => !isLoopback(address)));
  const firewall = {
    stack: `${stack.project}-${stack.name}`,
    ssh: sshPorts,
    edge: host.roles.includes("edge") ? published.map(({ host }) => host) : [],
    peers,
    storage: host.roles.includes("storage"),
    servers: host.roles.includes("storage") ? stored.servers : [],
  };
  return [
    ...hostTasks({
      debian,
      // A node stays one, whoever made it that: an engine with live-restore would not start any more.
      swarm: swarm || inSwarm,
      user,
      keys: user === "root" ? [] : await operatorKeys(host.host, options.key),
      stored,
    }),
    { ...access(firewall), finish: () => confirm(shell) },
    ...(swarm ? [membership()] : []),
    image(host, signal),
  ];
}

/** Done for all hosts together, see swarm.ts. */
function membership(): HostTask {
  const check = `[ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = active ]`;
  return { title: "a node of the Swarm", check, change: ":" };
}

/** Where no registry gives it, it comes from here. */
function image({ client }: StackHost, signal: AbortSignal): HostTask {
  return {
    title: `the image ${BASE_IMAGE}, which all others are built from`,
    check: `docker image inspect ${BASE_IMAGE}`,
    change: ":",
    finish: async (note) => {
      await ensure(baseImage(client), (work) => work(), note, signal);
    },
  };
}

async function addressOf({ host }: StackHost): Promise<string> {
  if (host.advertise !== undefined) return host.advertise;
  const { hostname = "" } = host.ssh ?? {};
  return lookup(hostname).then(
    ({ address }) => address,
    () => {
      throw new Problem({
        what: `The host ${host.name} has no address.`,
        value: hostname,
        fix: "see that its name resolves, or write its IP address in cdktf.json",
      });
    },
  );
}

function describe(plans: readonly HostBootstrap[]): string {
  const parts = plans.map(({ shell, tasks, todo }) => {
    const { name, host } = shell.host;
    const rows = tasks.map((task) =>
      todo.includes(task) ? `  ${pc.yellow("+")} ${task.title}` : `  ${pc.green("=")} ${task.title}`,
    );
    return `\n${pc.bold(name)} (${shell.login}@${host.ssh?.hostname})\n${rows.join("\n")}\n`;
  });
  const idle = plans.every(({ todo }) => todo.length === 0);
  return `${parts.join("")}\n${idle ? "Nothing is to be done." : "+ is to be done, = is so already"}\n`;
}

function toJson(plans: readonly HostBootstrap[]): string {
  const hosts = plans.map(({ shell, tasks, todo }) => ({
    name: shell.host.name,
    tasks: tasks.map((task) => ({ title: task.title, done: !todo.includes(task) })),
  }));
  return `${JSON.stringify({ hosts }, undefined, 2)}\n`;
}

/** @throws Problem when the answer is no */
async function consent(plans: readonly HostBootstrap[], { yes }: Options): Promise<void> {
  const names = list(plans.filter(({ todo }) => todo.length > 0).map(({ shell }) => shell.host.name));
  if (yes || !(process.stdin.isTTY && process.stdout.isTTY)) return;
  if (await askOnTerminal(`\nChange ${names}? [Y/n] `)) return;
  throw new Problem({ what: "Nothing was changed.", fix: "run it again when you mean it" });
}

await run(
  verb(
    "bootstrap",
    "Prepare bare Debian hosts of a stack: engine, firewall, upgrades, who may deploy, Swarm.",
  )
    .argument("[host...]", "hosts of the stack (default: all)")
    .option("--dry-run", "only tell what would be done")
    .option("--login <user>", "who is let in now: root, or a user whom sudo asks for no password", "root")
    .option(
      "--key <file>",
      "public key of who deploys (default: that of identity, of ssh-agent and of ~/.ssh)",
    )
    .option("--swarm", "make a Swarm of a single host too; several hosts always are one")
    .option("--yes", "do not ask on a terminal")
    .option("--json", "print what there was to do as JSON")
    .addHelpText(
      "after",
      "\nEverything is looked at before anything is changed; what is so already stays, so it can be run again and again." +
        "\nA firewall that locks you out is taken back by the host itself. docs/hosts.md tells what it does, and why.",
    )
    .action(bootstrap),
);
