import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DESCRIPTION_FILE, type WrittenDescription } from "../../modules/environment/description-file.ts";
import type { Stack } from "../stack/stack.ts";

/** Folders of a host that the volumes of a stack are in, as it was written last. */
export function volumeFolders({ folder }: Stack): readonly string[] {
  return foldersIn(JSON.parse(readFileSync(join(folder, DESCRIPTION_FILE), "utf8")));
}

export function foldersIn({ workloads }: Pick<WrittenDescription, "workloads">): readonly string[] {
  const devices = workloads.flatMap(({ volumes }) =>
    volumes.flatMap(({ options: { type, device } }) =>
      // A bind mount; those of NFS and the like are elsewhere.
      type === "none" && device?.startsWith("/") ? [device] : [],
    ),
  );
  return [...new Set(devices)];
}
