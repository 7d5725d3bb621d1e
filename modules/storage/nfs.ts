import { Hostname } from "../values/hostname.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import type { Name } from "../values/name.ts";
import { Port } from "../values/port.ts";
import { type MountOption, NOTHING_RUNS, optionText } from "./mount-option.ts";
import type { Redundancy } from "./redundancy.ts";
import { type DriverOptions, type FileServer, type Storage, serverDevice } from "./storage.ts";

/** Of NFS 4 (RFC 7530). */
const USUAL_PORT = 2049;

/** nfs(5) */
const OPTIONS: readonly MountOption[] = [
  {
    option: "nfsvers=4.2",
    reason: "locks are leases of the protocol itself, so no lock daemon (nlockmgr) has to run beside it",
  },
  { option: "proto=tcp", reason: "one connection to one port, which a firewall can name" },
  {
    option: "hard",
    reason:
      "writers wait for a server that restarts and lose nothing; soft would take a write and lose it later",
  },
  {
    option: "timeo=600",
    reason: "a request is sent again after 60 seconds, as long as a server may restart",
  },
  { option: "retrans=2", reason: "that the server does not answer is told after two of these" },
  {
    option: "actimeo=0",
    reason:
      "a node sees at once what another wrote: a session that was changed there is never an old one here",
  },
  ...NOTHING_RUNS,
];

export interface NfsProps {
  /** @default 2049 */
  readonly port?: Port | number;
  /** What the server has the files on: says how they are kept, and how the server is set up. @default nobody knows */
  readonly on?: Storage;
  /** What keeps the files when a disk of the server dies. @default that of `on` */
  readonly redundancy?: Redundancy;
  /** The workload of the stack that is the server, with `on` for its disk. @default a machine by itself */
  readonly servedBy?: Name;
}

/** A folder exported by an NFS server. */
export class Nfs implements Storage {
  readonly description: string;
  readonly device: string;
  readonly filesystem = "nfs4";
  readonly reachable = "many hosts";
  readonly locks = true;
  readonly redundancy: Redundancy | undefined;
  readonly mountOptions: readonly MountOption[];
  readonly server: FileServer;
  /** What is exported, such as `/tank/web2py`. */
  readonly path: string;
  /** What the server has it on. */
  readonly on: Storage | undefined;

  readonly servedBy?: Name;

  private constructor(server: Hostname, path: string, props: NfsProps) {
    const { port = USUAL_PORT, on, redundancy, servedBy } = props;
    this.server = { protocol: "nfs", host: server.text, port: Port.of(port).number };
    this.path = path;
    this.on = on;
    this.description = `nfs ${server}:${path || "/"}`;
    // Everything on one server shares its disks and its network card; of one of the stack the disk is known.
    this.device = (servedBy && on?.device) ?? serverDevice(server.text);
    if (servedBy !== undefined) this.servedBy = servedBy;
    this.redundancy = redundancy ?? on?.redundancy;
    this.mountOptions = [
      { option: `addr=${server}`, reason: "the server" },
      ...(this.server.port === USUAL_PORT
        ? []
        : [{ option: `port=${this.server.port}`, reason: "where it listens" }]),
      ...OPTIONS,
    ];
    Object.freeze(this);
  }

  /**
   * NFS version 4.2, whose locks are leases of the protocol itself: no lock daemon is needed.
   * @throws InvalidValue when the server is no host name or address, or the path is not absolute.
   */
  static v4(server: string, path: string, props: NfsProps = {}): Nfs {
    if (!/^\/[\w./@:+-]*$/.test(path) || /\/\.{1,2}(?:\/|$)/.test(path)) {
      throw new InvalidValue({
        what: "NFS path",
        got: path,
        allowed:
          "an absolute path of the server, of letters, digits and . _ - @ : + /, without . or .. as a folder",
        fix: path.startsWith("/") ? "Export a folder with another name" : `Write "/${path}"`,
      });
    }
    return new Nfs(Hostname.of(server), path.replace(/\/+$/, ""), props);
  }

  driverOptions(folder: string): DriverOptions {
    return this.#mount(folder, this.mountOptions);
  }

  root(): DriverOptions {
    return this.#mount("", this.mountOptions);
  }

  /** Without `nosharecache` all mounts of one export in one kernel are one file system, which knows its own locks. */
  apart(folder: string): DriverOptions {
    const alone = { option: "nosharecache", reason: "a file system of its own" };
    return this.#mount(folder, [...this.mountOptions, alone]);
  }

  #mount(folder: string, options: readonly MountOption[]): DriverOptions {
    const device = `:${this.path}${folder === "" ? "" : `/${folder}`}`;
    return { type: "nfs", o: optionText(options), device: device === ":" ? ":/" : device };
  }
}
