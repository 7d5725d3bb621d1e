import { appsOf, type ExportedStack, servedFolders } from "../export/exported-stack.ts";
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
  return appsOf(stack).flatMap((app) => {
    const volume = app.workload.volumes.find(({ name }) => name === `${app.described.name}-static`)?.name;
    const isServed = instances.some(
      ({ placed }) =>
        placed.workload.role === "edge" && placed.workload.volumes.some(({ name }) => name === volume),
    );
    if (volume === undefined || !isServed) return [];
    return servedFolders(app).flatMap(({ path, files }) =>
      [...files].map(([file, { content }]) => ({
        path: `${volumeFolder(stack.name, volume)}${path}/${file}`,
        content,
      })),
    );
  });
}
