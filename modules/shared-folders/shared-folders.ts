/**
 * The folders of an application that all its nodes must see, and nothing else of it.
 *
 *     const shared = new SharedFolders(this, "shared", { on: Nfs.v4("10.0.0.20", "/tank/web2py") });
 *     shop.uses(shared);
 */
import { Construct } from "constructs";
import type { Consumer, FoldersGrant, Service } from "../app/service.ts";
import type { VolumeMount, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import type { Storage } from "../storage/storage.ts";
import { Name } from "../values/name.ts";

/**
 * What nodes share. The whole installation is never shared: that would put every import of every module on the
 * network, and an error in one node's files on all of them (recipe 12).
 */
export const SHARED_FOLDERS = ["sessions", "errors", "uploads", "cache"] as const;

/** Where the shared folders are found in the containers of an application. */
export const SHARED_ROOT = "/srv/shared";

export interface SharedFoldersProps {
  /** The storage. @default the engine's own volumes, on one host */
  readonly on?: Storage;
  /** Refuse to destroy the files. @default true outside of development */
  readonly keep?: boolean;
}

/** Shared folders for each application that uses them. */
export class SharedFolders extends Construct implements Module, Service<FoldersGrant> {
  readonly kind = "folders";
  readonly name: Name;
  readonly #storage: Storage;
  readonly #keep: boolean;
  readonly #consumers: Name[] = [];

  constructor(scope: Construct, id: string, props: SharedFoldersProps = {}) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#storage = props.on ?? LocalDisk.volumes();
    const environment = Environment.of(this);
    this.#keep = props.keep ?? environment.purpose === "production";
    environment.add(this);
  }

  get path(): string {
    return this.node.path;
  }

  grant(consumer: Consumer): FoldersGrant {
    this.#consumers.push(consumer.name);
    return { kind: "folders", service: this.path, volumes: this.#volumes(consumer.name, SHARED_ROOT) };
  }

  /** What a backup reads: the folders of each application, below a folder with its name. */
  get backedUp(): readonly VolumeMount[] {
    return this.#consumers.flatMap((name) =>
      this.#volumes(name, `${SHARED_ROOT}/${name}`).map((mount) => ({ ...mount, readOnly: true })),
    );
  }

  workloads(): readonly Workload[] {
    return [];
  }

  #volumes(consumer: Name, root: string): readonly VolumeMount[] {
    return SHARED_FOLDERS.map((folder) => ({
      volume: {
        name: `${this.name}_${consumer}_${folder}`,
        storage: this.#storage,
        folder: `${consumer}/${folder}`,
        keep: this.#keep,
      },
      path: `${root}/${folder}`,
    }));
  }

  describe(): Contribution {
    return { sharedFolders: [{ path: this.path, storage: this.#storage }] };
  }
}
