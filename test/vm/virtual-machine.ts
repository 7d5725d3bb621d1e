import { type ChildProcess, spawn } from "node:child_process";
import { ok, type Result, type RunOptions, run, until } from "../e2e/run.ts";
import { type MachineImage, macOf } from "./machine-image.ts";

const SECONDS_TO_BOOT = 600;

/** One end of the network between two machines: UDP between two ports of 127.0.0.1, so that either may start first. */
export interface Cable {
  readonly port: number;
  /** That of the other end. */
  readonly to: number;
}

export interface VirtualMachineOptions {
  /** Port of 127.0.0.1 that leads to its SSH server. */
  readonly ssh: number;
  /** Further ports of the machine, and those of 127.0.0.1 that lead there. */
  readonly forwards?: Readonly<Record<number, number>>;
  /** For an image that has an address. */
  readonly cable?: Cable;
  /** Sizes of empty disks beside its own, which are `/dev/vdb` and on. */
  readonly disks?: readonly `${number}G`[];
  /** MiB. @default 3072 */
  readonly memory?: number;
}

/** A Debian in software emulation that begins as its image is. */
export class VirtualMachine {
  readonly identity: string;
  readonly hostKeys: readonly string[];
  readonly #qemu: ChildProcess;
  readonly #ssh: number;

  private constructor(image: MachineImage, qemu: ChildProcess, ssh: number) {
    this.identity = image.identity;
    this.hostKeys = [image.hostKey];
    this.#qemu = qemu;
    this.#ssh = ssh;
  }

  static async start(image: MachineImage, options: VirtualMachineOptions): Promise<VirtualMachine> {
    await image.make();
    const own = image.path("run.img");
    await ok("cp", ["--sparse=always", image.path("disk.img"), own]);
    const disks = [own];
    for (const [index, size] of (options.disks ?? []).entries()) {
      const disk = image.path(`run-${index + 1}.img`);
      await ok("rm", ["-f", disk]);
      await ok("truncate", ["-s", size, disk]);
      disks.push(disk);
    }
    const ports = { 22: options.ssh, ...options.forwards };
    const led = Object.entries(ports).map(([inside, here]) => `hostfwd=tcp:127.0.0.1:${here}-:${inside}`);
    const qemu = spawn(
      "qemu-system-x86_64",
      [
        ...["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-display", "none"],
        ...["-m", `${options.memory ?? 3072}`],
        ...["-kernel", image.path("vmlinuz"), "-initrd", image.path("initrd")],
        ...["-append", "root=/dev/vda rw console=ttyS0 mitigations=off apparmor=0"],
        ...disks.flatMap((disk) => ["-drive", `file=${disk},if=virtio,format=raw,cache=unsafe`]),
        ...["-nic", `user,model=virtio-net-pci,${led.join(",")}`],
        ...(options.cable && image.address ? plugged(options.cable, image.address) : []),
        ...["-serial", `file:${image.path("console.log")}`],
      ],
      { stdio: "ignore" },
    );
    const machine = new VirtualMachine(image, qemu, options.ssh);
    try {
      await until(
        "the machine lets us in",
        SECONDS_TO_BOOT,
        async () => (await machine.try("true")).code === 0,
      );
    } catch (error) {
      machine.stop();
      throw error;
    }
    return machine;
  }

  /**
   * How a command of root ended there.
   * @param options.limit seconds after which it is given up
   */
  try(command: string, options: Pick<RunOptions, "limit" | "input"> = {}): Promise<Result> {
    const known = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
    return run(
      "ssh",
      [
        ...[...known, "BatchMode=yes", "ConnectTimeout=30"].flatMap((option) => ["-o", option]),
        ...["-i", this.identity, "-p", `${this.#ssh}`, "root@127.0.0.1", command],
      ],
      options,
    );
  }

  /** What it printed. @throws Error when it fails */
  async run(command: string, options?: Pick<RunOptions, "limit" | "input">): Promise<string> {
    const { code, output } = await this.try(command, options);
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}`);
    return output.trim();
  }

  /** A file that only root reads. */
  async write(path: string, text: string): Promise<void> {
    await this.run(`umask 077; mkdir -p "$(dirname ${path})" && cat > ${path}`, { input: text });
  }

  stop(): void {
    this.#qemu.kill("SIGTERM");
  }
}

function plugged({ port, to }: Cable, address: string): readonly string[] {
  const local = `local.type=inet,local.host=127.0.0.1,local.port=${port}`;
  const remote = `remote.type=inet,remote.host=127.0.0.1,remote.port=${to}`;
  return [
    ...["-netdev", `dgram,id=cable,${local},${remote}`],
    ...["-device", `virtio-net-pci,netdev=cable,mac=${macOf(address)}`],
  ];
}
