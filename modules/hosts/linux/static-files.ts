import { appsOf, type ExportedStack } from "../export/exported-stack.ts";
import type { ExportedInstance } from "./exported-instance.ts";
import type { HostFile } from "./host-file.ts";
import { volumeFolder } from "./relocation.ts";

/**
 * The static files of applications, where an edge of the machine serves them: in containers the nodes lay them out, on hosts
 * they may be on another machine.
 */
export function staticFiles(
  stack: ExportedStack,
  instances: readonly ExportedInstance[],
): readonly HostFile[] {
  return appsOf(stack).flatMap(({ described, workload, code }) => {
    const volume = workload.volumes.find(({ name }) => name === `${described.name}-static`)?.name;
    const edges = instances.filter(
      ({ placed }) =>
        placed.workload.role === "edge" && placed.workload.volumes.some(({ name }) => name === volume),
    );
    if (volume === undefined || edges.length === 0) return [];
    return foldersOf(workload.environment.SLIPWAY_STATIC ?? "").flatMap(({ folder, path }) =>
      [...code].flatMap(([file, { content }]) =>
        file.startsWith(`${folder}/`)
          ? [{ path: `${volumeFolder(stack.name, volume)}${path}${file.slice(folder.length)}`, content }]
          : [],
      ),
    );
  });
}

/** `/srv/app/<folder>=<path>`, separated by spaces. */
function foldersOf(text: string): readonly { readonly folder: string; readonly path: string }[] {
  return text
    .split(" ")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [folder = "", path = ""] = pair.split("=");
      return { folder: folder.replace(/^\/srv\/app\//, ""), path };
    });
}
