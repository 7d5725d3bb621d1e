import type { ExportTarget } from "../export/export-target.ts";
import type { ExportedFile } from "../export/exported-file.ts";
import type { ExportedStack } from "../export/exported-stack.ts";
import type { Machine } from "../export/machine.ts";
import { checkSpread, exportable, LEFT_OUT } from "./exportable.ts";
import { debian, type Family, redhat } from "./family.ts";
import { type MachineFiles, machineFiles, START_ORDER } from "./machine-files.ts";
import { placed } from "./placement.ts";
import { readme } from "./readme.ts";
import { requireUnixSockets } from "./unix-sockets.ts";

/** Hosts with Linux: one machine, or several by what each has. */
function linux(family: Family): ExportTarget {
  return {
    name: family.name,
    description: family.description,
    spreads: true,
    leavesOut: LEFT_OUT,
    files(stack: ExportedStack, machines: readonly Machine[]): readonly ExportedFile[] {
      const { workloads, leftOut } = exportable(stack, family);
      const here = machines.map((machine) => ({
        ...machine,
        instances: machine.instances.filter((one) => workloads.some(({ nodes }) => nodes.includes(one))),
      }));
      const all = placed(workloads, here);
      checkSpread(all);
      requireUnixSockets(stack.name, all);
      const parts = here
        .filter(({ instances }) => instances.length > 0)
        .map((machine) => machineFiles(stack, machine, all, family))
        .sort((a, b) => startOf(a) - startOf(b));
      return [
        { path: "README.md", content: readme(stack, parts, leftOut, family) },
        ...parts.flatMap(({ machine, files }) =>
          files.map((file) => ({ ...file, path: `${machine.name}/${file.path}` })),
        ),
        ...storageScripts(stack),
      ];
    },
  };
}

/** A machine that others wait for comes before them. */
function startOf({ instances }: MachineFiles): number {
  return Math.min(...instances.map(({ placed }) => START_ORDER.indexOf(placed.workload.role)));
}

/** What sets the storage of shared folders up, where that is another machine's. */
function storageScripts({ description }: ExportedStack): readonly ExportedFile[] {
  return description.sharedFolders.flatMap(({ path, script }) =>
    script === null ? [] : [{ path: `storage/${path.split("/").at(-1)}.sh`, content: script, mode: 0o755 }],
  );
}

export const debianTarget = linux(debian);
export const redhatTarget = linux(redhat);
