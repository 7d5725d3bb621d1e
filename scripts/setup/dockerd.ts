import { spawn } from "node:child_process";
import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mountCgroups } from "./cgroups.ts";
import { lastLines, type Machine } from "./machine.ts";
import { Problem } from "./problem.ts";
import type { Report } from "./requirement.ts";

/**
 * Where an engine that is started by hand keeps its things. Another set of paths makes a second engine, but only in a
 * network namespace of its own: dockerd takes over `docker0` and the firewall, and with `--bridge=none` it even
 * deletes the `docker0` of the engine that runs already.
 */
export interface DaemonOptions {
  /** @default unix:///var/run/docker.sock */
  readonly host?: string;
  /** @default /run/docker.pid */
  readonly pidFile?: string;
  /** @default /var/log/dockerd.log */
  readonly logFile?: string;
  /** Folder that the engine keeps its state of this boot in. @default /var/run/docker */
  readonly execRoot?: string;
  /** Further arguments of dockerd. @default none */
  readonly flags?: readonly string[];
  /** Limit in seconds for the engine to answer. @default 60 */
  readonly seconds?: number;
}

const DEFAULT_HOST = "unix:///var/run/docker.sock";
const DEFAULT_EXEC_ROOT = "/var/run/docker";

/**
 * Starts the Docker engine without an init system, so that it outlives this process, and waits until it answers.
 *
 * @throws Problem with the last lines of its log when it ends or does not answer in time
 */
export async function startDaemon(
  machine: Machine,
  options: DaemonOptions,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const host = options.host ?? DEFAULT_HOST;
  const pidFile = options.pidFile ?? "/run/docker.pid";
  const logFile = options.logFile ?? "/var/log/dockerd.log";
  const execRoot = options.execRoot ?? DEFAULT_EXEC_ROOT;
  const seconds = options.seconds ?? 60;

  const running = await daemonOf(machine, pidFile, "dockerd");
  if (running !== undefined) {
    report(`dockerd runs as process ${running}; waiting until it answers`);
    return waitForDaemon(machine, { host, logFile, seconds, ended: () => false }, signal);
  }
  report(`cgroups: ${await mountCgroups(machine)}`);
  // After a crash the numbers in these files may belong to other programs by now, and dockerd would refuse to start.
  await removeStale(machine, pidFile, "dockerd");
  await removeStale(machine, `${execRoot}/containerd/containerd.pid`, "containerd");

  const dockerd = (await machine.find("dockerd")) ?? "/usr/sbin/dockerd";
  const flags = [
    `--pidfile=${pidFile}`,
    // Only where they differ: a host on the command line and one in daemon.json exclude each other.
    ...(host === DEFAULT_HOST ? [] : [`--host=${host}`]),
    ...(execRoot === DEFAULT_EXEC_ROOT ? [] : [`--exec-root=${execRoot}`]),
    ...(options.flags ?? []),
  ];
  const log = openLog(logFile);
  let ended: string | undefined;
  report(`starting ${dockerd}, log in ${logFile}`);
  const child = spawn(dockerd, flags, {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin` },
  });
  child.once("error", (error) => {
    ended = error.message;
  });
  child.once("exit", (code, killedBy) => {
    ended = `dockerd ended with ${killedBy ?? `exit code ${code}`}`;
  });
  child.unref();
  closeSync(log);
  try {
    await waitForDaemon(machine, { host, logFile, seconds, ended: () => ended ?? false }, signal);
  } catch (error) {
    // One that hangs would be found by the next run and waited for again.
    if (ended === undefined) child.kill("SIGTERM");
    throw error;
  }
}

/** A problem that tells why an engine did not start, from what it logged. */
export function daemonProblem(reason: string, log: string, logFile: string): Problem {
  const value = `${reason}\nlast lines of ${logFile}:\n${lastLines(withoutChatter(log) || "(empty)")}`;
  const [what, fix] = explainLog(log, logFile);
  return new Problem({ what, value, fix });
}

/** A log without what is only told for information, unless that is all there is. */
function withoutChatter(log: string): string {
  const lines = log.trim().split("\n");
  const telling = lines.filter((line) => !/level=(info|debug)/.test(line));
  return (telling.length > 0 ? telling : lines).join("\n");
}

/** What is wrong and how to mend it, for the failures that are known. */
export function explainLog(log: string, logFile: string): readonly [what: string, fix: string] {
  const again = "then run npm run setup again";
  if (/no space left on device|disk quota exceeded/i.test(log)) {
    return [
      "The disk is full: the Docker engine could not start.",
      `free some space where it keeps its data, /var/lib/docker unless told otherwise (df -h /var/lib/docker), ${again}`,
    ];
  }
  if (/iptables|nf_tables|netfilter/i.test(lastLines(withoutChatter(log), 4))) {
    return [
      "The Docker engine could not set up its network rules.",
      `try the other kind of rules: update-alternatives --set iptables /usr/sbin/iptables-legacy, ${again}`,
    ];
  }
  if (/operation not permitted|permission denied/i.test(lastLines(withoutChatter(log), 4))) {
    return [
      "The Docker engine was not allowed to start: this is perhaps itself a container without the privileges for it.",
      "use the engine of the host instead (its socket, or DOCKER_HOST), or run on a virtual machine",
    ];
  }
  return ["The Docker engine could not start.", `see ${logFile}, mend what it says, ${again}`];
}

interface Wait {
  readonly host: string;
  readonly logFile: string;
  readonly seconds: number;
  /** Why the process has ended, or false while it runs. */
  ended(): string | false;
}

/** Waits until an engine answers at `host`. */
async function waitForDaemon(machine: Machine, wait: Wait, signal: AbortSignal): Promise<void> {
  const end = Date.now() + wait.seconds * 1000;
  while (Date.now() < end) {
    const { code } = await machine.run(["docker", "--host", wait.host, "version"], { seconds: 5, signal });
    if (code === 0) return;
    const reason = wait.ended();
    if (reason !== false) throw daemonProblem(reason, (await machine.read(wait.logFile)) ?? "", wait.logFile);
    await sleep(200, undefined, { signal });
  }
  throw daemonProblem(
    `no answer at ${wait.host} within ${wait.seconds} s`,
    (await machine.read(wait.logFile)) ?? "",
    wait.logFile,
  );
}

/** The number in a pid file when a process of that name has it. */
async function daemonOf(machine: Machine, pidFile: string, name: string): Promise<number | undefined> {
  const pid = Number((await machine.read(pidFile))?.trim());
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return (await machine.read(`/proc/${pid}/comm`))?.trim() === name ? pid : undefined;
}

async function removeStale(machine: Machine, pidFile: string, name: string): Promise<void> {
  if ((await daemonOf(machine, pidFile, name)) === undefined) rmSync(pidFile, { force: true });
}

/** Opens an empty log; the one of the start before is kept beside it. */
function openLog(path: string): number {
  try {
    renameSync(path, `${path}.1`);
  } catch {
    // The first start on this machine.
  }
  try {
    return openSync(path, "a", 0o640);
  } catch (error) {
    throw new Problem({
      what: "The log of the Docker engine can't be written.",
      value: (error as Error).message,
      fix: `free some space or mend the permissions of ${dirname(path)}, then run npm run setup again`,
    });
  }
}
