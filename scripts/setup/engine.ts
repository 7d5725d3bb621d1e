import { installPackages, installsPackages } from "./debian.ts";
import { type DaemonOptions, startDaemon } from "./dockerd.ts";
import { lastLines, type Machine, type Outcome } from "./machine.ts";
import { Problem } from "./problem.ts";
import { type Finding, missing, type Report, type Requirement } from "./requirement.ts";

/** Where the provider of Terraform looks for an engine unless it is told otherwise. */
const DEFAULT_HOST = "unix:///var/run/docker.sock";
const NAME = "Docker engine";
const WANTED = "an engine for Linux containers that answers";

/** An engine that answers. */
export interface Engine {
  readonly host: string;
  readonly version: string;
  /** Architecture in Docker's words: amd64, arm64. */
  readonly arch: string;
  /** Operating system of its containers. */
  readonly os: string;
}

/** An engine that does not answer. */
export interface Silence {
  readonly host: string;
  /** What the client said. */
  readonly reason: string;
  readonly why: "no client" | "no permission" | "no answer";
}

/** What decides how an engine is provided. */
export interface Circumstances {
  /** Whether DOCKER_HOST or DOCKER_CONTEXT names the engine. */
  readonly named: boolean;
  readonly why: Silence["why"];
  readonly platform: NodeJS.Platform;
  readonly root: boolean;
  /** Whether Debian packages can be installed. */
  readonly packages: boolean;
  /** Whether dockerd and the client are installed. */
  readonly installed: boolean;
  /** Whether systemd is process 1. */
  readonly systemd: boolean;
}

/** How an engine is provided. */
export type Strategy =
  | { readonly how: "tell"; readonly remedy: string }
  | { readonly how: "start"; readonly install: boolean; readonly by: "systemd" | "hand" };

/** A Docker engine that answers; the one that DOCKER_HOST names, else the local one. */
export function engine(machine: Machine, daemon: DaemonOptions = {}): Requirement {
  const requirement: Requirement = {
    name: NAME,
    async check(): Promise<Finding> {
      const found = await findEngine(machine, daemon.host);
      if ("version" in found) {
        if (found.os === "linux") return { ok: true, found: `Docker ${found.version} at ${found.host}` };
        return {
          ok: false,
          found: `an engine for ${found.os} containers at ${found.host}`,
          wanted: WANTED,
          remedy: "switch it to Linux containers, or point DOCKER_HOST at another engine",
        };
      }
      const strategy = chooseStrategy(await circumstances(machine, found, daemon));
      const changes = changesOf(strategy);
      return {
        ok: false,
        found: `${found.host}: ${found.reason}`,
        wanted: WANTED,
        remedy: strategy.how === "tell" ? strategy.remedy : `npm run setup does it: ${changes.join(", ")}`,
        changes,
      };
    },
    async install(report, signal) {
      const found = await findEngine(machine, daemon.host);
      if ("version" in found) return;
      const strategy = chooseStrategy(await circumstances(machine, found, daemon));
      if (strategy.how === "tell") {
        throw missing(requirement, {
          ok: false,
          found: `${found.host}: ${found.reason}`,
          wanted: WANTED,
          remedy: strategy.remedy,
        });
      }
      if (strategy.install) {
        report("installing the engine from the Debian packages");
        await installPackages(machine, await packagesOfEngine(machine), report, signal);
        // The packages start it themselves where the init system lets them.
        if ("version" in (await findEngine(machine, daemon.host))) return;
      }
      await (strategy.by === "systemd"
        ? startBySystemd(machine, report, signal)
        : startDaemon(machine, daemon, report, signal));
    },
  };
  return requirement;
}

/** Asks the engine that Terraform's provider will use; the CLI alone would also follow `docker context use`. */
export async function findEngine(machine: Machine, daemonHost?: string): Promise<Engine | Silence> {
  const named = daemonHost === undefined ? machine : { env: { DOCKER_HOST: daemonHost } };
  const command = dockerCommand(named, ["version", "--format", "{{json .Server}}"]);
  const host = command[2] ?? DEFAULT_HOST;
  const outcome = await machine.run(command, {
    seconds: host.startsWith("ssh:") ? 60 : 8,
    env: { LC_ALL: "C" },
  });
  return parseEngine(host, outcome);
}

/** Reads what `docker version --format '{{json .Server}}'` printed. */
export function parseEngine(host: string, outcome: Outcome): Engine | Silence {
  if (outcome.code === 127)
    return { host, why: "no client", reason: "there is no docker command on the path" };
  if (outcome.timedOut) return { host, why: "no answer", reason: "it does not answer in time" };
  if (outcome.code === 0) {
    try {
      const server: { Version?: string; Arch?: string; Os?: string } | null = JSON.parse(outcome.stdout);
      if (server?.Version !== undefined) {
        return { host, version: server.Version, arch: server.Arch ?? "", os: server.Os ?? "linux" };
      }
    } catch {
      // Something else than Docker answered: told below with its own words.
    }
  }
  const said = lastLines(outcome.stderr.trim() || outcome.stdout.trim() || "no answer", 1);
  return { host, why: /permission denied/i.test(said) ? "no permission" : "no answer", reason: said };
}

/** Decides how an engine is provided. */
export function chooseStrategy(facts: Circumstances): Strategy {
  const tell = (remedy: string): Strategy => ({ how: "tell", remedy });
  if (facts.named && facts.why !== "no client") {
    return tell(
      "start the engine that DOCKER_HOST or DOCKER_CONTEXT names, or unset them to use the local one",
    );
  }
  if (facts.why === "no permission") {
    return tell(
      "let your user use it: sudo usermod -aG docker $USER, then log in again; or run this as root",
    );
  }
  if (facts.platform === "darwin" || facts.platform === "win32") {
    return tell(
      "start Docker Desktop, or another engine, and if its socket is elsewhere export DOCKER_HOST=\"$(docker context inspect --format '{{.Endpoints.docker.Host}}')\"",
    );
  }
  const start = facts.systemd
    ? "sudo systemctl start docker"
    : "run npm run setup as root once, or start dockerd as root";
  if (!facts.root) {
    return tell(
      facts.installed
        ? `start it: ${start}`
        : "install a Docker engine (https://docs.docker.com/engine/install/), or run npm run setup as root once on Debian",
    );
  }
  if (!facts.installed && !facts.packages) {
    return tell(
      "install a Docker engine (https://docs.docker.com/engine/install/) and start it; it is installed for you on Debian only",
    );
  }
  return { how: "start", install: !facts.installed, by: facts.systemd ? "systemd" : "hand" };
}

function changesOf(strategy: Strategy): readonly string[] {
  if (strategy.how === "tell") return [];
  return [
    ...(strategy.install ? ["install docker.io and iptables from the Debian packages"] : []),
    strategy.by === "systemd" ? "start the Docker engine with systemd" : "start the Docker engine (dockerd)",
  ];
}

/** A command for the same engine as {@link findEngine} asks. */
export function dockerCommand(machine: Pick<Machine, "env">, words: readonly string[]): readonly string[] {
  const { DOCKER_CONTEXT: context, DOCKER_HOST: host } = machine.env;
  return ["docker", ...(context ? ["--context", context] : ["--host", host || DEFAULT_HOST]), ...words];
}

async function circumstances(
  machine: Machine,
  silence: Silence,
  daemon: DaemonOptions,
): Promise<Circumstances> {
  const [dockerd, client, packages, init] = await Promise.all([
    machine.find("dockerd"),
    machine.find("docker"),
    installsPackages(machine),
    machine.read("/proc/1/comm"),
  ]);
  return {
    named: Boolean(machine.env.DOCKER_HOST || machine.env.DOCKER_CONTEXT) && daemon.host === undefined,
    why: silence.why,
    platform: machine.platform,
    root: machine.root,
    packages,
    installed: dockerd !== undefined && client !== undefined,
    systemd: init?.trim() === "systemd",
  };
}

/** From Debian 13 on the client is a package of its own. */
async function packagesOfEngine(machine: Machine): Promise<readonly string[]> {
  const client = await machine.run(["apt-cache", "show", "--no-all-versions", "docker-cli"]);
  const codename = /^VERSION_ID="?(\d+)/m.exec((await machine.read("/etc/os-release")) ?? "")?.[1];
  const separate = client.code === 0 || Number(codename ?? 0) >= 13;
  // With AppArmor in the kernel and no parser for its profiles, no container would start.
  const apparmor = (await machine.read("/sys/module/apparmor/parameters/enabled"))?.trim() === "Y";
  return [
    "docker.io",
    ...(separate ? ["docker-cli"] : []),
    "iptables",
    "ca-certificates",
    ...(apparmor ? ["apparmor"] : []),
  ];
}

async function startBySystemd(machine: Machine, report: Report, signal: AbortSignal): Promise<void> {
  report("starting docker.service");
  const started = await machine.run(["systemctl", "start", "docker.service"], { seconds: 90, signal });
  if (started.code === 0) return;
  const journal = await machine.run([
    "journalctl",
    "-u",
    "docker.service",
    "-n",
    "8",
    "--no-pager",
    "-o",
    "cat",
  ]);
  throw new Problem({
    what: "systemd could not start the Docker engine.",
    value: lastLines(journal.stdout || started.stderr),
    fix: "see systemctl status docker, mend what it says, then run npm run setup again",
  });
}
