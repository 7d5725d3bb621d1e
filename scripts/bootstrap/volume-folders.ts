import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../stack/stack.ts";

interface Volume {
  readonly driver_opts?: { readonly type?: string; readonly device?: string };
}

/** Folders of a host that the volumes of a stack are in, as it was written last. */
export function volumeFolders({ folder }: Stack): readonly string[] {
  return foldersIn(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
}

/** Reads `cdk.tf.json`. */
export function foldersIn(json: string): readonly string[] {
  const { resource = {} }: { resource?: { docker_volume?: Record<string, Volume> } } = JSON.parse(json);
  return Object.values(resource.docker_volume ?? {}).flatMap(({ driver_opts: { type, device } = {} }) =>
    // A bind mount; those of NFS and the like are elsewhere.
    type === "none" && device?.startsWith("/") ? [device] : [],
  );
}
