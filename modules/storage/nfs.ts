import { Hostname } from "../values/hostname.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import type { DriverOptions, Storage } from "./storage.ts";

/** A folder exported by an NFS server. */
export class Nfs implements Storage {
  readonly description: string;
  readonly device: string;
  readonly reachable = "many hosts";
  readonly locks = true;
  readonly #server: Hostname;
  readonly #path: string;

  private constructor(server: Hostname, path: string) {
    this.#server = server;
    this.#path = path;
    this.description = `nfs ${server}:${path}`;
    // Everything on one server shares its disks and its network card.
    this.device = `nfs:${server}`;
    Object.freeze(this);
  }

  /**
   * NFS version 4.2, whose locks are leases of the protocol itself: no lock daemon is needed.
   * @throws InvalidValue when the server is no host name or address, or the path is not absolute.
   */
  static v4(server: string, path: string): Nfs {
    if (!path.startsWith("/")) {
      throw new InvalidValue({
        what: "NFS path",
        got: path,
        allowed: "an absolute path of the server",
        fix: `Write "/${path}"`,
      });
    }
    return new Nfs(Hostname.of(server), path.replace(/\/+$/, ""));
  }

  /**
   * `hard`: a server that restarts makes writers wait and loses nothing. `actimeo=0`: a node sees at once what another
   * wrote, which sessions need. `nolock` is never set. `nfs(5)`.
   */
  driverOptions(folder: string): DriverOptions {
    return {
      type: "nfs",
      o: `addr=${this.#server},nfsvers=4.2,proto=tcp,hard,timeo=600,retrans=2,actimeo=0,nosuid,nodev,noexec`,
      device: `:${this.#path}/${folder}`,
    };
  }
}
