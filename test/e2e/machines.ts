import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ok, run, until } from "./run.ts";

/** Of networks for measurements (RFC 2544): nobody's own machines are there. */
const SUBNET = "198.18.22";
const BRIDGE = "slipway-rig";
/** Overlay networks, away from the addresses that Docker gives to the networks of an engine. */
const OVERLAYS = "10.222.0.0/16";
const ACCEPT = ["FORWARD", "-i", BRIDGE, "-o", BRIDGE, "-j", "ACCEPT"];

/**
 * A machine with an engine, as far as one kernel can play several: a network, processes and mounts of its own. What
 * kills it kills everything in it at once, as a power failure would; it starts with a new network, because the kernel
 * takes its time to forget the overlay networks of the old one ("error creating vxlan interface: file exists").
 */
export class Machine {
  readonly name: string;
  /** Address on the network of the machines. */
  readonly address: string;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  constructor(name: string, address: string, folder: string) {
    this.name = name;
    this.address = address;
    this.#folder = folder;
  }

  get isOn(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  /** For DOCKER_HOST. */
  get engine(): string {
    return `unix://${join(this.#folder, "docker.sock")}`;
  }

  docker(...words: readonly string[]): Promise<string> {
    return ok("docker", ["--host", this.engine, ...words]);
  }

  /** Makes the network of the machine; its card keeps its number, which its neighbours remember. */
  async #connect(): Promise<void> {
    const { name, address } = this;
    const namespace = `${BRIDGE}-${name}`;
    await ok("ip", ["netns", "add", namespace]);
    const card = [
      "name",
      "eth0",
      "address",
      `02:00:00:00:00:${address.split(".").at(-1)}`,
      "netns",
      namespace,
    ];
    await ok("ip", ["link", "add", link(name), "type", "veth", "peer", ...card]);
    await ok("ip", ["link", "set", link(name), "master", BRIDGE, "up"]);
    for (const words of [
      ["addr", "add", `${address}/24`, "dev", "eth0"],
      ["link", "set", "eth0", "up"],
      ["link", "set", "lo", "up"],
      ["route", "add", "default", "via", `${SUBNET}.1`],
    ]) {
      await ok("ip", ["-n", namespace, ...words]);
    }
  }

  /** Switches it on, and waits until its engine answers. */
  async start(): Promise<void> {
    await this.#connect();
    mkdirSync(this.#folder, { recursive: true });
    for (const stale of ["docker.pid", "docker.sock", "run"]) {
      rmSync(join(this.#folder, stale), { recursive: true, force: true });
    }
    const log = openSync(this.#log, "a");
    const dockerd = [
      "dockerd",
      `--host=${this.engine}`,
      `--data-root=${join(this.#folder, "data")}`,
      `--exec-root=${join(this.#folder, "run")}`,
      `--pidfile=${join(this.#folder, "docker.pid")}`,
      // What Swarm has no words for, an engine grants or refuses to all of its containers.
      "--no-new-privileges",
    ];
    // `ip netns exec` would hide the cgroups of version 1.
    const namespace = `--net=/run/netns/${BRIDGE}-${this.name}`;
    // An interrupted run leaves no engine behind.
    const bound = ["setpriv", "--pdeathsig", "KILL"];
    const isolated = ["unshare", "--uts", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child"];
    const named = ["sh", "-c", 'hostname "$0" && exec docker-init -- "$@"', this.name];
    this.#process = spawn("nsenter", [namespace, ...bound, ...isolated, ...named, ...dockerd], {
      stdio: ["ignore", log, log],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, DOCKER_HOST: undefined },
    });
    closeSync(log);
    await until(`the engine of ${this.name} answers: ${this.#log}`, 60, async () => {
      if (this.#process?.exitCode !== null) throw new Error(readFileSync(this.#log, "utf8").slice(-3000));
      return (await run("docker", ["--host", this.engine, "version"], { limit: 5 })).code === 0;
    });
  }

  /** SIGKILL to the engine and to every process that it has started, and nothing at its address. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && this.isOn) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
    await disconnect(this.name);
  }

  get #log(): string {
    return join(this.#folder, "dockerd.log");
  }
}

/** Several machines on one network; nothing of them is left when they are removed. Needs root. */
export class Machines {
  readonly all: readonly Machine[];
  readonly #folder: string;

  private constructor(folder: string, names: readonly string[]) {
    this.#folder = folder;
    this.all = names.map((name, at) => new Machine(name, `${SUBNET}.${11 + at}`, join(folder, name)));
  }

  /** Machines with engines that answer. */
  static async start(...names: readonly string[]): Promise<Machines> {
    await Machines.#clear(names);
    const machines = new Machines(mkdtempSync(join(tmpdir(), "slipway-rig-")), names);
    await ok("ip", ["link", "add", BRIDGE, "type", "bridge"]);
    await ok("ip", ["addr", "add", `${SUBNET}.1/24`, "dev", BRIDGE]);
    await ok("ip", ["link", "set", BRIDGE, "up"]);
    await ok("iptables", ["-I", ...ACCEPT]);
    await Promise.all(machines.all.map((machine) => machine.start()));
    return machines;
  }

  /** Joins them to one Swarm, all of them managers. */
  async join(leader: Machine): Promise<void> {
    await leader.docker(
      ...["swarm", "init", "--advertise-addr", leader.address, "--default-addr-pool", OVERLAYS],
    );
    const token = await leader.docker("swarm", "join-token", "--quiet", "manager");
    for (const machine of this.all.filter((one) => one !== leader)) {
      const address = ["--advertise-addr", machine.address];
      await machine.docker("swarm", "join", "--token", token, ...address, `${leader.address}:2377`);
    }
  }

  async remove(): Promise<void> {
    for (const machine of this.all) await machine.kill();
    await Machines.#clear(this.all.map(({ name }) => name));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What an interrupted run left of the network. */
  static async #clear(names: readonly string[]): Promise<void> {
    for (const name of names) await disconnect(name);
    await run("iptables", ["-D", ...ACCEPT]);
    await run("ip", ["link", "del", BRIDGE]);
  }
}

async function disconnect(machine: string): Promise<void> {
  await run("ip", ["link", "del", link(machine)]);
  await run("ip", ["netns", "del", `${BRIDGE}-${machine}`]);
}

const link = (machine: string): string => `rig-${machine}`;
