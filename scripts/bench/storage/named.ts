import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Smb } from "../../../modules/storage/smb.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { Problem } from "../../setup/problem.ts";

/** Names the storages that are measured, separated by spaces. */
export const VARIABLE = "SLIPWAY_BENCH_STORAGE";
export const EXAMPLE = "nfs:10.0.0.20:/tank/bench zfs:tank/bench smb://10.0.0.20/bench folder:/mnt/disk";

/** @throws Problem for what names none, and InvalidValue for a storage that cannot be */
export function named(text: string): readonly Storage[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => {
      const [, server = "", path = ""] = /^nfs:([^:/]+):(\/.*)$/.exec(word) ?? [];
      if (path !== "") return Nfs.v4(server, path);
      if (word.startsWith("zfs:")) return Zfs.dataset(word.slice(4));
      if (word.startsWith("smb:")) return Smb.share(word.slice(4));
      if (word.startsWith("folder:")) return LocalDisk.folder(word.slice(7));
      throw new Problem({
        what: `${VARIABLE} names no storage.`,
        value: JSON.stringify(word),
        allowed: EXAMPLE,
        fix: "name what this machine can mount, and what may be written to",
      });
    });
}
