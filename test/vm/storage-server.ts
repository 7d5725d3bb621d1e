import { randomBytes } from "node:crypto";
import { FILES_OWNER } from "../../modules/storage/owner.ts";
import { Containers, ENGINE } from "./containers.ts";
import { MachineImage } from "./machine-image.ts";
import { type Cable, VirtualMachine } from "./virtual-machine.ts";

const IMAGE = new MachineImage({
  name: "storage",
  address: "10.77.0.20",
  components: ["main", "contrib"],
  packages: [
    ...ENGINE.packages,
    ...[
      "linux-headers-cloud-amd64",
      "zfs-dkms",
      "zfsutils-linux",
      "nfs-kernel-server",
      "samba",
      "cifs-utils",
    ],
  ],
  // The module is compiled while the image is made, on the processor of this machine: in emulation it would take hours.
  hooks: [...ENGINE.hooks, 'ls "$1"/lib/modules/*/updates/dkms/zfs.ko'],
});

const NETWORK = "10.77.0.0/24";
const exported = (options: string) => `/tank/shared ${NETWORK}(${options},sync,no_subtree_check,crossmnt)\n`;
/** Encrypted, and of this one user: what a share of application data has to be. */
const SMB = `[global]
server role = standalone server
server min protocol = SMB3_11
smb encrypt = required
disable netbios = yes
load printers = no
[shared]
path = /tank/shared
valid users = keeper
read only = no
`;

/** A file server with a mirror of ZFS that it gives away by NFS and SMB. */
export class StorageServer {
  readonly address = `${IMAGE.address}`;
  readonly password = randomBytes(12).toString("hex");
  readonly machine: VirtualMachine;
  readonly containers: Containers;

  private constructor(machine: VirtualMachine, containers: Containers) {
    this.machine = machine;
    this.containers = containers;
  }

  /** @param ssh port of 127.0.0.1 */
  static async start(ssh: number, cable: Cable): Promise<StorageServer> {
    const machine = await VirtualMachine.start(IMAGE, { ssh, cable, disks: ["2G", "2G"] });
    try {
      const server = new StorageServer(machine, await Containers.of(machine));
      await server.#prepare();
      return server;
    } catch (error) {
      machine.stop();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    await this.machine.write("/etc/exports", exported("rw,no_root_squash"));
    await this.machine.write("/etc/samba/smb.conf", SMB);
    for (const command of [
      "modprobe zfs",
      "zpool create tank mirror /dev/vdb /dev/vdc",
      "zfs create tank/shared",
      "zfs create -o mountpoint=legacy tank/engine",
      `useradd --uid ${FILES_OWNER} --no-create-home keeper`,
      `printf '%s\\n%s\\n' ${this.password} ${this.password} | smbpasswd -s -a keeper`,
      "systemctl restart smbd nfs-kernel-server",
    ]) {
      await this.machine.run(command);
    }
  }

  /** Gives everything away with other options, such as `ro`, while something is done. */
  async during<T>(options: string, work: () => Promise<T>): Promise<T> {
    const give = (text: string) => this.machine.write("/etc/exports", exported(text));
    await give(options);
    await this.machine.run("exportfs -ra");
    try {
      return await work();
    } finally {
      await give("rw,no_root_squash");
      await this.machine.run("exportfs -ra");
    }
  }

  /** A folder of the owner in what is given away. */
  async folder(name: string): Promise<void> {
    await this.machine.run(`install -d -o ${FILES_OWNER} -g ${FILES_OWNER} -m 0700 /tank/shared/${name}`);
  }
}
