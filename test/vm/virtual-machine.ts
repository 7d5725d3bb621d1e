import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ok, run, until } from "../e2e/run.ts";

/** Kept between runs, outside of git: the disk as it is after the installation. */
const FOLDER = join(import.meta.dirname, "../../.slipway/vm");
const SUITE = "bookworm";
const PACKAGES =
  "systemd-sysv,openssh-server,linux-image-cloud-amd64,iproute2,dbus,udev,ca-certificates,sudo";
const SECONDS_TO_BOOT = 600;

/** Ports of 127.0.0.1 that lead to the machine. */
export interface Forwards {
  readonly ssh: number;
  readonly http: number;
  readonly https: number;
  /** To a port that nobody may reach. */
  readonly closed: number;
}

/**
 * A Debian in software emulation that has an SSH server and nothing else, as a hoster would hand it over. Packages come
 * from where those of this machine do.
 */
export class VirtualMachine {
  readonly identity = join(FOLDER, "id_ed25519");
  readonly hostKeys: readonly string[];
  readonly #qemu: ChildProcess;
  readonly #forwards: Forwards;

  private constructor(qemu: ChildProcess, forwards: Forwards) {
    this.#qemu = qemu;
    this.#forwards = forwards;
    const key = readFileSync(join(FOLDER, "host-key.pub"), "utf8");
    this.hostKeys = [key.split(" ").slice(0, 2).join(" ")];
  }

  /** @param forwards to its ports 22, 80, 443 and 9999 */
  static async start(forwards: Forwards): Promise<VirtualMachine> {
    if (!existsSync(join(FOLDER, "host-key.pub"))) await install();
    const disk = join(FOLDER, "run.img");
    await ok("cp", ["--sparse=always", join(FOLDER, "disk.img"), disk]);
    const ports = { 22: forwards.ssh, 80: forwards.http, 443: forwards.https, 9999: forwards.closed };
    const led = Object.entries(ports).map(([inside, here]) => `hostfwd=tcp:127.0.0.1:${here}-:${inside}`);
    const qemu = spawn(
      "qemu-system-x86_64",
      [
        ...["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "3072", "-display", "none"],
        ...["-kernel", join(FOLDER, "vmlinuz"), "-initrd", join(FOLDER, "initrd")],
        ...["-append", "root=/dev/vda rw console=ttyS0 mitigations=off apparmor=0"],
        ...["-drive", `file=${disk},if=virtio,format=raw,cache=unsafe`],
        ...["-nic", `user,model=virtio-net-pci,${led.join(",")}`],
        ...["-serial", `file:${join(FOLDER, "console.log")}`],
      ],
      { stdio: "ignore" },
    );
    const machine = new VirtualMachine(qemu, forwards);
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

  /** How a command of root ended there. */
  try(command: string) {
    const known = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
    return run("ssh", [
      ...[...known, "BatchMode=yes", "ConnectTimeout=30"].flatMap((option) => ["-o", option]),
      ...["-i", this.identity, "-p", `${this.#forwards.ssh}`, "root@127.0.0.1", command],
    ]);
  }

  /** What it printed. @throws Error when it fails */
  async run(command: string): Promise<string> {
    const { code, output } = await this.try(command);
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}`);
    return output.trim();
  }

  stop(): void {
    this.#qemu.kill("SIGTERM");
  }
}

/** Makes the disk with mmdebstrap. */
async function install(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(FOLDER)) rmSync(join(FOLDER, name), { recursive: true, force: true });
  const [root, key] = [join(FOLDER, "root"), join(FOLDER, "id_ed25519")];
  await ok("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", key]);
  const hooks = [
    `printf '[Match]\\nName=en*\\n[Network]\\nDHCP=yes\\n' > "$1/etc/systemd/network/80-dhcp.network"`,
    'chroot "$1" systemctl enable systemd-networkd ssh',
    // The name server of QEMU's own network.
    'rm -f "$1/etc/resolv.conf"; echo nameserver 10.0.2.3 > "$1/etc/resolv.conf"',
    'echo vm > "$1/etc/hostname"; echo 127.0.1.1 vm >> "$1/etc/hosts"',
    `install -d -m 0700 "$1/root/.ssh"; cp ${key}.pub "$1/root/.ssh/authorized_keys"`,
  ];
  await ok(
    "mmdebstrap",
    [
      ...["--variant=minbase", `--include=${PACKAGES}`, '--aptopt=APT::Install-Recommends "false"'],
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      ...[SUITE, root],
    ],
    { limit: 1800 },
  );
  const boot = readdirSync(join(root, "boot"));
  for (const kind of ["vmlinuz", "initrd"]) {
    const name = boot.find((file) => file.startsWith(kind));
    await ok("cp", [join(root, "boot", `${name}`), join(FOLDER, kind)]);
  }
  const disk = join(FOLDER, "disk.img");
  await ok("truncate", ["-s", "12G", disk]);
  await ok("mke2fs", ["-q", "-F", "-t", "ext4", "-d", root, disk], { limit: 600 });
  // Last: with it the disk is complete.
  await ok("cp", [join(root, "etc/ssh/ssh_host_ed25519_key.pub"), join(FOLDER, "host-key.pub")]);
  rmSync(root, { recursive: true, force: true });
}
