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
import { Nfs } from "../storage/nfs.ts";
import { FILES_OWNER } from "../storage/owner.ts";
import type { Storage } from "../storage/storage.ts";
import { Zfs } from "../storage/zfs.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Size, type SizeText } from "../values/size.ts";

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
  /** Folders of each application, found below {@link SHARED_ROOT}. @default {@link SHARED_FOLDERS} */
  readonly folders?: readonly string[];
  /** How much each folder of an application may take: a quota of ZFS. @default all there is */
  readonly quotas?: Readonly<Record<string, Size | SizeText>>;
}

/** Shared folders for each application that uses them. */
export class SharedFolders extends Construct implements Module, Service<FoldersGrant> {
  readonly kind = "folders";
  readonly name: Name;
  readonly #storage: Storage;
  readonly #keep: boolean;
  readonly #quotas: ReadonlyMap<string, Size>;
  readonly #consumers: Name[] = [];
  /** Such as `uploads`. */
  readonly folders: readonly string[];

  /**
   * @throws InvalidValue for folders that are none, or twice, and for a quota of a folder that there is
   * not, or of storage that keeps none.
   */
  constructor(scope: Construct, id: string, props: SharedFoldersProps = {}) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.folders = foldersOf(this.node.path, props.folders ?? SHARED_FOLDERS);
    this.#storage = props.on ?? LocalDisk.volumes();
    this.#quotas = quotasOf(this.node.path, this.folders, props.quotas ?? {});
    requireQuotas(this.node.path, this.#storage, this.#quotas);
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
    return this.folders.map((folder) => ({
      volume: {
        name: `${this.name}_${consumer}_${folder}`,
        storage: this.#storage,
        folder: `${consumer}/${folder}`,
        keep: this.#keep,
        owner: FILES_OWNER,
      },
      path: `${root}/${folder}`,
    }));
  }

  describe(): Contribution {
    return {
      sharedFolders: [
        {
          path: this.path,
          storage: this.#storage,
          folders: this.folders,
          quotas: this.#quotas,
          applications: this.#consumers.map(({ text }) => text),
        },
      ],
    };
  }
}

function foldersOf(path: string, folders: readonly string[]): readonly string[] {
  const bad = folders.find((folder) => !/^[a-z0-9][a-z0-9_-]{0,39}$/.test(folder));
  const twice = folders.find((folder, at) => folders.indexOf(folder) !== at);
  if (folders.length > 0 && bad === undefined && twice === undefined) return folders;
  throw new InvalidValue({
    what: `folders of ${path}`,
    got: bad ?? (twice === undefined ? "none" : `${twice}, twice`),
    allowed: "at least one name of lower-case letters, digits, hyphens and underscores, each once",
    fix: `Write folders: ${JSON.stringify(SHARED_FOLDERS)}, or leave it out`,
  });
}

function quotasOf(
  path: string,
  folders: readonly string[],
  quotas: Readonly<Record<string, Size | SizeText>>,
): ReadonlyMap<string, Size> {
  const stray = Object.keys(quotas).find((folder) => !folders.includes(folder));
  if (stray !== undefined) {
    throw new InvalidValue({
      what: `quotas of ${path}`,
      got: stray,
      allowed: folders.join(", "),
      fix: `Name one of its folders, or add ${JSON.stringify(stray)} to folders`,
    });
  }
  return new Map(Object.entries(quotas).map(([folder, size]) => [folder, Size.of(size)]));
}

/** Of the rest, each file system has a way of its own. */
function requireQuotas(path: string, storage: Storage, quotas: ReadonlyMap<string, Size>): void {
  const pool = storage instanceof Nfs ? storage.on : storage;
  if (quotas.size === 0 || (pool instanceof Zfs && storage.servedBy === undefined)) return;
  throw new InvalidValue({
    what: `quotas of ${path}`,
    got: `${[...quotas.keys()].join(", ")} on ${storage.description}`,
    allowed: "quotas on ZFS, of this host or of an NFS server that is none of the stack",
    fix: storage.servedBy
      ? `Leave out quotas: ${storage.servedBy.text} has one folder for all`
      : storage instanceof Nfs
        ? 'Write Nfs.v4(…, { on: Zfs.dataset("tank/shared") }) when the server has ZFS, or leave out quotas'
        : 'Write on: Zfs.dataset("tank/shared"), or leave out quotas',
  });
}
