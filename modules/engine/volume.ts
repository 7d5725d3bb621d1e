import type { DriverOptions, Storage } from "../storage/storage.ts";
import { digest } from "./digest.ts";

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

/** {@link nameOnEngine} of a volume that is not written yet. */
export const engineName = (volume: Volume): string =>
  nameOnEngine({ ...volume, options: volume.storage.driverOptions(volume.folder) });

/**
 * What a volume is called on the engine, without what tells stacks apart. An engine takes a volume of a name as it is,
 * whatever the options: so one that may be made again has another name on another storage, and the containers of the storage
 * before keep theirs until they go. One that is kept stays what it is (kept-volumes.ts).
 * @param options of the volume driver
 */
export function nameOnEngine({
  name,
  keep,
  options,
}: Pick<Volume, "name" | "keep"> & { readonly options: DriverOptions }): string {
  return keep || Object.keys(options).length === 0 ? name : `${name}-${digest(options).slice(0, 8)}`;
}
