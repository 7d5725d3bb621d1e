import type { Storage } from "../storage/storage.ts";

/** A named place for files that outlive the container. */
export interface Volume {
  readonly name: string;
  readonly storage: Storage;
  /** Folder on the storage, relative to its root, such as `guestbook/uploads`. */
  readonly folder: string;
  /** Holds data that cannot be made again: destroying it is refused outside of development. */
  readonly keep: boolean;
  /**
   * User, by number, that the folder is made for before anything mounts it, on storage other than the engine's own.
   * @default the folder is there already, and belongs to whom the image says
   */
  readonly owner?: number;
  /** Made to be written by several workloads, such as a folder of sockets. @default false */
  readonly shared?: boolean;
  /** Its files come out of the image of the workload that writes them: each host may have a copy. @default false */
  readonly published?: boolean;
}
