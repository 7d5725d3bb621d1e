import { join } from "node:path";
import { hostCertificates } from "../../../modules/engine/host-certificates.ts";
import { PROJECT_PREFIX } from "../global-setup.ts";
import { docker, ok, type Result, run, until } from "../run.ts";

export type Init = "systemd" | "sysv";

const PROJECT = `${PROJECT_PREFIX}-linux`;
const BUNDLE = "/root/certificates.pem";
/** On hosts with the older hierarchy of control groups, systemd of Debian 13 asks to be told twice. */
const KERNEL = "systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1";

/** A clean Debian with a real init, as far as a container can be one. */
export class LinuxMachine {
  readonly name: string;
  readonly #init: Init;

  private constructor(name: string, init: Init) {
    this.name = name;
    this.#init = init;
  }

  /** @param network with the machine's address on it. @default the engine's own */
  static async start(
    name: string,
    init: Init,
    network?: { readonly name: string; readonly address: string },
  ): Promise<LinuxMachine> {
    const image = `${PROJECT}-${init}`;
    await docker(
      "build",
      "--quiet",
      "--tag",
      image,
      "--file",
      join(import.meta.dirname, `Dockerfile.${init}`),
      import.meta.dirname,
    );
    const machine = new LinuxMachine(`${PROJECT}-${name}`, init);
    await run("docker", ["rm", "--force", machine.name]);
    const rights = ["SYS_ADMIN", "NET_ADMIN"].flatMap((one) => ["--cap-add", one]);
    const folders = ["/run", "/run/lock", "/tmp"].flatMap((folder) => ["--tmpfs", `${folder}:exec`]);
    await docker(
      ...["run", "--detach", "--name", machine.name, "--hostname", name],
      ...["--label", `slipway.project=${PROJECT}`],
      ...(network === undefined ? [] : ["--network", network.name, "--ip", network.address]),
      ...(init === "systemd"
        ? [...rights, "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"]
        : []),
      ...(init === "systemd" ? ["--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"] : []),
      ...folders,
      ...["--env", "container=docker", "--env", `SYSTEMD_PROC_CMDLINE=${KERNEL}`],
      image,
    );
    const certificates = hostCertificates();
    if (certificates !== undefined)
      await docker("cp", "--follow-link", certificates, `${machine.name}:${BUNDLE}`);
    await machine.#booted();
    return machine;
  }

  async #booted(): Promise<void> {
    await until("it has booted", 60, async () => {
      const { output } = await this.shell(
        this.#init === "systemd" ? "systemctl is-system-running" : "runlevel",
      );
      return /^(running|degraded)$|^N [2-5]$/m.test(output);
    });
  }

  /** What a shell says as root. */
  shell(script: string, limit = 300): Promise<Result> {
    const certificates = hostCertificates() === undefined ? [] : ["--env", `PIP_CERT=${BUNDLE}`];
    return run("docker", ["exec", ...certificates, this.name, "sh", "-c", script], { limit });
  }

  /** Copies a folder to where the steps of an export say, in place of an earlier one. */
  async upload(folder: string, stack: string): Promise<void> {
    await this.shell(`rm -rf /root/slipway-${stack}`);
    await docker("cp", folder, `${this.name}:/root/slipway-${stack}`);
  }

  install(stack: string, action = ""): Promise<Result> {
    return this.shell(`sh /root/slipway-${stack}/install ${action}`, 600);
  }

  async reboot(): Promise<void> {
    await docker("restart", "--time", "90", this.name);
    await this.#booted();
  }

  /** Runs a command of this machine in the network of that one. */
  async inItsNetwork(command: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
    const process = await docker("inspect", "--format", "{{.State.Pid}}", this.name);
    return run("nsenter", [`--net=/proc/${process}/ns/net`, ...command], { env, limit: 300 });
  }

  async remove(): Promise<void> {
    await ok("docker", ["rm", "--force", "--volumes", this.name]);
  }
}
