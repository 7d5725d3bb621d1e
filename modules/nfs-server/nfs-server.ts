/**
 * A file server of the stack, for teams that have none: nfs-ganesha, which speaks NFS 4 without the host's kernel.
 *
 *     const files = new NfsServer(this, "files", { address: "10.0.0.20", clients: ["10.0.0.0/24"] });
 *     const shared = new SharedFolders(this, "shared", { on: files.storage });
 */
import { isIPv4 } from "node:net";
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import type { Network } from "../engine/network.ts";
import type { VolumeMount, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import { isLoopback } from "../rules/loopback.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import { Nfs } from "../storage/nfs.ts";
import { FILES_OWNER } from "../storage/owner.ts";
import type { Storage } from "../storage/storage.ts";
import { Cidr } from "../values/cidr.ts";
import { Duration } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Port } from "../values/port.ts";
import { Size, type SizeText } from "../values/size.ts";
import { EXPORTED, GATEWAY, ganeshaConf, RECOVERY } from "./ganesha-conf.ts";
import { SYSTEM_CALLS } from "./system-calls.ts";

/** Of NFS 4, and of the server in its container. */
const PORT = Port.of(2049);

export interface NfsServerProps {
  /** IPv4 address of the host, at which its port is published and clients find it. */
  readonly address: string;
  /** On the host. @default 2049 */
  readonly port?: Port | number;
  /**
   * Networks of those who may mount it, beside the host itself. They are trusted as they are: NFS asks for no password.
   * @default none, which only an address such as 127.0.0.1 allows
   */
  readonly clients?: readonly (Cidr | string)[];
  /** Where the files are; its file system has to have handles, as ext4, XFS and ZFS do. @default the engine's own volumes */
  readonly on?: Storage;
  /** Refuse to destroy the files. @default true outside of development */
  readonly keep?: boolean;
  /** Hard limit. @default 512 MiB */
  readonly memory?: Size | SizeText;
}

/** An NFS server. Its files belong to the user of the applications' nodes. */
export class NfsServer extends Construct implements Module {
  readonly name: Name;
  /** For what mounts it, such as SharedFolders. */
  readonly storage: Nfs;
  readonly #address: string;
  readonly #port: Port;
  readonly #clients: readonly Cidr[];
  readonly #memory: Size;
  readonly #mounts: readonly VolumeMount[];
  readonly #network: Network;

  /** @throws InvalidValue for an address that is none or is every one, and where nobody may mount it. */
  constructor(scope: Construct, id: string, props: NfsServerProps) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#address = addressOf(props.address);
    this.#port = Port.of(props.port ?? PORT);
    this.#clients = (props.clients ?? []).map(Cidr.of);
    if (this.#clients.length === 0 && !isLoopback(this.#address)) throw nobody(this.#address);
    this.#memory = Size.of(props.memory ?? "512 MiB");
    this.#network = { name: this.name, internal: false };
    const disk = props.on ?? LocalDisk.volumes();
    this.storage = Nfs.v4(this.#address, EXPORTED, {
      port: this.#port,
      servedBy: this.name,
      on: disk,
    });
    const environment = Environment.of(this);
    const keep = props.keep ?? environment.purpose === "production";
    this.#mounts = [
      {
        volume: { name: `${this.name}_files`, storage: disk, folder: this.name.text, keep },
        path: EXPORTED,
      },
      {
        // It outlives the container, or nobody would get a lock back.
        volume: {
          name: `${this.name}_clients`,
          storage: LocalDisk.volumes(),
          folder: "clients",
          keep: false,
        },
        path: RECOVERY,
      },
    ];
    environment.add(this);
  }

  get path(): string {
    return this.node.path;
  }

  workloads(): readonly Workload[] {
    return [
      {
        name: this.name,
        role: "storage",
        image: {
          name: Name.of("nfs-server"),
          context: [{ folder: fileURLToPath(new URL("image", import.meta.url)), into: "" }],
          args: {},
        },
        replicas: 1,
        // Root for the entrypoint alone: open_by_handle_at(2) needs a capability that only root can take along.
        user: 0,
        becomes: FILES_OWNER,
        capabilities: ["DAC_READ_SEARCH", "SETUID", "SETGID"],
        systemCalls: SYSTEM_CALLS,
        environment: {},
        files: [{ path: "/etc/slipway/ganesha.conf", content: this.#configuration() }],
        secrets: [],
        volumes: this.#mounts,
        // Nobody else is on it; a port is published of what has a way out only.
        networks: [this.#network],
        ports: [{ address: this.#address, host: this.#port, container: PORT }],
        health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
        limits: { memory: this.#memory },
        stop: { signal: "SIGTERM", grace: Duration.of("20 seconds") },
        release: "stop-first",
      },
    ];
  }

  describe(): Contribution {
    return { fileServers: [{ path: this.path, clients: this.#clients }] };
  }

  #configuration(): string {
    const clients = this.#clients.map(String);
    // The host mounts for its own containers. Through the loopback address it comes as the gateway of the network.
    const host = isLoopback(this.#address) ? GATEWAY : this.#address;
    return ganeshaConf({ port: PORT.number, name: this.name.text, clients: [host, ...clients] });
  }
}

function addressOf(address: string): string {
  if (isIPv4(address) && address !== "0.0.0.0") return address;
  const every = address === "0.0.0.0" || address === "::";
  throw new InvalidValue({
    what: "address of an NFS server",
    got: address,
    allowed: `the IPv4 address of one network of the host${every ? ", as an NFS server trusts the addresses of its clients, and at every address anybody is one" : ""}`,
    fix: 'Write the address that the other hosts reach it at, such as "10.0.0.20"',
  });
}

function nobody(address: string): InvalidValue {
  return new InvalidValue({
    what: "clients of an NFS server",
    got: "none",
    allowed: `the networks of those who may mount it, where its address is not 127.0.0.1, but ${address}`,
    fix: `Write clients: ["${address}/32"] for its own host, or the network of all, such as clients: ["10.0.0.0/24"]`,
  });
}
