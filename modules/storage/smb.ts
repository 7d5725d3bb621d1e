import { Hostname } from "../values/hostname.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { bind } from "./local-disk.ts";
import { type MountOption, NOTHING_RUNS } from "./mount-option.ts";
import { FILES_OWNER } from "./owner.ts";
import type { Redundancy } from "./redundancy.ts";
import { type DriverOptions, type FileServer, type Storage, serverDevice } from "./storage.ts";

/** Folder of every host below which shares are mounted. */
const MOUNTS = "/srv/smb";
/** Folder of every host with what is known only to root. */
const CREDENTIALS = "/etc/slipway/smb";

export interface SmbProps {
  /** User and group, by number, that all files belong to here. @default 8000, that of all applications' nodes */
  readonly owner?: number;
  /** What keeps the files when a disk of the server dies. @default nobody knows */
  readonly redundancy?: Redundancy;
}

/**
 * A share of an SMB server, such as Samba or Windows, for what is written once: errors and uploads. Hosts mount it themselves, as `npm run bootstrap` sets them up: Docker's
 * own mount would have the password in `docker volume inspect`.
 */
export class Smb implements Storage {
  readonly description: string;
  readonly device: string;
  readonly filesystem = "cifs";
  readonly reachable = "many hosts";
  /**
   * Seen with Samba 4.17 and Linux 6.1: a lock that a node holds ends when the server restarts, and nobody tells the node; of
   * some 1800 session files that two hosts wrote, each under its lock, at least two were torn.
   */
  readonly locks = false;
  readonly redundancy: Redundancy | undefined;
  readonly mountOptions: readonly MountOption[];
  readonly server: FileServer;
  /** As mount.cifs(8) takes it: `//10.0.0.20/shared`. */
  readonly share: string;
  /** Where a host mounts it. */
  readonly mountPoint: string;
  /** File of a host, mode 0600 and of root, with lines `username=…` and `password=…`; mount.cifs(8). */
  readonly credentials: string;

  private constructor(host: Hostname, name: string, props: SmbProps) {
    const { owner = FILES_OWNER, redundancy } = props;
    this.share = `//${host}/${name}`;
    this.mountPoint = `${MOUNTS}/${host}/${name}`;
    this.credentials = `${CREDENTIALS}/${host}_${name}`;
    this.server = { protocol: "smb", host: host.text, port: 445 };
    this.description = `smb ${this.share}`;
    this.device = serverDevice(host.text);
    this.redundancy = redundancy;
    this.mountOptions = optionsOf(this.credentials, owner);
    Object.freeze(this);
  }

  /**
   * A share by its address, in the notation of mount.cifs(8): `//10.0.0.20/shared`.
   * @throws InvalidValue for another notation, and for an owner that is no user's number
   */
  static share(address: string, props: SmbProps = {}): Smb {
    const [, host, name] = /^\/\/([^/]+)\/([\w.$-]+)$/.exec(address) ?? [];
    if (host === undefined || name === undefined || CLIMBS.test(name)) {
      throw new InvalidValue({
        what: "SMB share",
        got: address,
        allowed: "the server and the name of the share, as mount.cifs takes them",
        fix: `Write ${meant(address)}`,
      });
    }
    const { owner } = props;
    if (owner !== undefined && !(Number.isInteger(owner) && owner > 0 && owner < 2 ** 31)) {
      throw new InvalidValue({
        what: `owner of ${address}`,
        got: `${owner}`,
        allowed: "the number of a user other than root",
        fix: `Leave it out: ${FILES_OWNER} is the user of all applications' nodes`,
      });
    }
    return new Smb(Hostname.of(host), name, props);
  }

  driverOptions(folder: string): DriverOptions {
    return bind(`${this.mountPoint}/${folder}`);
  }

  root(): DriverOptions {
    return bind(this.mountPoint);
  }
}

/** mount.cifs(8) */
function optionsOf(credentials: string, owner: number): readonly MountOption[] {
  return [
    {
      option: `credentials=${credentials}`,
      reason: "the password is in a file of root, and in no other place",
    },
    { option: "vers=3.1.1", reason: "the newest dialect, the first that notices a changed negotiation" },
    { option: "seal", reason: "everything is encrypted on the network" },
    { option: "hard", reason: "writers wait for a server that restarts" },
    { option: "cache=none", reason: "a node sees at once what another wrote" },
    { option: "actimeo=0", reason: "the same for sizes and dates" },
    { option: `uid=${owner}`, reason: "files belong to the user of the nodes, whoever the server says" },
    { option: `gid=${owner}`, reason: "the same for their group" },
    { option: "forceuid", reason: "that holds for servers that tell owners as well" },
    { option: "forcegid", reason: "the same for their group" },
    { option: "file_mode=0600", reason: "nobody else on the host reads sessions and uploads" },
    { option: "dir_mode=0700", reason: "the same for folders" },
    ...NOTHING_RUNS,
  ];
}

/** What was probably meant by an address in another notation, quoted. */
/** A name that is a folder of the path of the mount point. */
const CLIMBS = /^\.{1,2}$/;

function meant(address: string): string {
  const [host, name] = address
    .replace(/^smb:/i, "")
    .split(/[\\/]+/)
    .filter((part) => part !== "");
  return JSON.stringify(host && name && !CLIMBS.test(name) ? `//${host}/${name}` : "//10.0.0.20/shared");
}
