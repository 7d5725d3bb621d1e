import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ok } from "../e2e/run.ts";

/** Kept between runs, outside of git. */
const IMAGES = join(import.meta.dirname, "../../.slipway/vm");
const SUITE = "bookworm";
/** What a hoster hands over: it starts, has a network, and lets root in. */
const BARE =
  "systemd-sysv,openssh-server,linux-image-cloud-amd64,iproute2,dbus,udev,ca-certificates,sudo".split(",");

/** Text of a file that is a network of systemd-networkd. */
const network = (match: string, setting: string) => `[Match]\\n${match}\\n[Network]\\n${setting}\\n`;

export interface MachineImageOptions {
  /** Its host name, and that of its folder. */
  readonly name: string;
  /** Beyond those of every machine. */
  readonly packages?: readonly string[];
  /** @default main */
  readonly components?: readonly string[];
  /** Shell commands run in the installation, on the processor of this machine; `$1` is its root. */
  readonly hooks?: readonly string[];
  /** On the cable between two machines. @default no such network card */
  readonly address?: string;
}

/**
 * The disk of a Debian as it is after the installation, and what it starts from. Packages come from where those of this
 * machine do. It is made when it is missing, or when its description has changed.
 */
export class MachineImage {
  readonly folder: string;
  readonly identity: string;
  readonly address: string | undefined;
  readonly #hooks: readonly string[];
  readonly #packages: readonly string[];
  readonly #components: readonly string[];

  constructor({ name, packages = [], components = ["main"], hooks = [], address }: MachineImageOptions) {
    this.folder = join(IMAGES, name);
    this.identity = this.path("id_ed25519");
    this.address = address;
    this.#packages = [...BARE, ...packages];
    this.#components = components;
    const lan = address && network(`MACAddress=${macOf(address)}`, `Address=${address}/24`);
    this.#hooks = [
      // The first that matches counts.
      ...(lan ? [`printf '${lan}' > "$1/etc/systemd/network/10-cable.network"`] : []),
      `printf '${network("Name=en*", "DHCP=yes")}' > "$1/etc/systemd/network/80-dhcp.network"`,
      'chroot "$1" systemctl enable systemd-networkd ssh',
      // The name server of QEMU's own network.
      'rm -f "$1/etc/resolv.conf"; echo nameserver 10.0.2.3 > "$1/etc/resolv.conf"',
      `echo ${name} > "$1/etc/hostname"; echo 127.0.1.1 ${name} >> "$1/etc/hosts"`,
      ...hooks,
    ];
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  get hostKey(): string {
    return readFileSync(this.path("host-key.pub"), "utf8").split(" ").slice(0, 2).join(" ");
  }

  /** Makes it unless it is there as described. */
  async make(): Promise<void> {
    const description = JSON.stringify([SUITE, this.#components, this.#packages, this.#hooks], null, 2);
    const made = this.path("description.json");
    if (existsSync(made) && readFileSync(made, "utf8") === description) return;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    await this.#install();
    // Last: with it the image is complete.
    writeFileSync(made, description);
  }

  /** With mmdebstrap. */
  async #install(): Promise<void> {
    const root = this.path("root");
    await ok("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", this.identity]);
    const hooks = [
      ...this.#hooks,
      `install -d -m 0700 "$1/root/.ssh"; cp ${this.identity}.pub "$1/root/.ssh/authorized_keys"`,
    ];
    await ok(
      "mmdebstrap",
      [
        ...["--variant=minbase", `--components=${this.#components.join(",")}`],
        ...[`--include=${this.#packages.join(",")}`, '--aptopt=APT::Install-Recommends "false"'],
        ...hooks.map((hook) => `--customize-hook=${hook}`),
        ...[SUITE, root],
      ],
      { limit: 3600 },
    );
    const boot = readdirSync(join(root, "boot"));
    for (const kind of ["vmlinuz", "initrd"]) {
      const file = boot.find((name) => name.startsWith(kind));
      await ok("cp", [join(root, "boot", `${file}`), this.path(kind)]);
    }
    await ok("truncate", ["-s", "12G", this.path("disk.img")]);
    await ok("mke2fs", ["-q", "-F", "-t", "ext4", "-d", root, this.path("disk.img")], { limit: 600 });
    await ok("cp", [join(root, "etc/ssh/ssh_host_ed25519_key.pub"), this.path("host-key.pub")]);
    rmSync(root, { recursive: true, force: true });
  }
}

/** Of the network card with this address: a locally administered one that says it in hexadecimal. */
export function macOf(address: string): string {
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return ["02:00", ...bytes].join(":");
}
