import { readFileSync } from "node:fs";
import type { ExportedFile } from "../export/exported-file.ts";
import type { ExportedStack } from "../export/exported-stack.ts";
import type { Machine } from "../export/machine.ts";
import { type ExportedInstance, exportedInstance, serviceName } from "./exported-instance.ts";
import type { Family } from "./family.ts";
import { firewall } from "./firewall.ts";
import { firewallScript, firewallUnit } from "./firewall-service.ts";
import type { HostFile } from "./host-file.ts";
import { initScript } from "./init-script.ts";
import { logrotateConf } from "./logrotate.ts";
import { type Mount, mountOf } from "./mount-unit.ts";
import type { Placed } from "./placement.ts";
import { type Folder, planText } from "./plan.ts";
import { volumeFolder } from "./relocation.ts";
import { staticFiles } from "./static-files.ts";
import { systemdTarget, systemdUnit } from "./systemd-unit.ts";

/** Roles, by who starts before whom. */
export const START_ORDER: readonly string[] = ["database", "cache", "app", "job", "balancer", "edge"];
const INSTALL = readFileSync(new URL("machine/install", import.meta.url), "utf8");

/** All that a machine gets, relative to a folder of its own. */
export interface MachineFiles {
  readonly machine: Machine;
  readonly instances: readonly ExportedInstance[];
  readonly files: readonly ExportedFile[];
}

export function machineFiles(
  stack: ExportedStack,
  machine: Machine,
  all: readonly Placed[],
  family: Family,
): MachineFiles {
  const instances = all
    .filter((one) => one.machine === machine)
    .sort((a, b) => START_ORDER.indexOf(a.workload.role) - START_ORDER.indexOf(b.workload.role))
    .map((one) => exportedInstance(stack, one, all, family));
  const mounts = mountsOf(stack.name, instances);
  const rules = firewall(stack.name, machine, all);
  const group = `slipway-${stack.name}.target`;
  const services = instances.map(({ service }) => service);
  const root: HostFile[] = [
    ...instances.flatMap(({ files }) => files),
    ...staticFiles(stack, instances),
    { path: `/etc/logrotate.d/slipway-${stack.name}`, content: logrotateConf(stack.name, services) },
    ...(rules === undefined ? [] : [{ path: `/etc/slipway/${stack.name}/firewall.nft`, content: rules }]),
  ];
  const firewallName = `slipway-${stack.name}-firewall`;
  const files: ExportedFile[] = [
    { path: "install", content: INSTALL, mode: 0o755 },
    {
      path: "plan",
      content: planText({
        stack: stack.name,
        family,
        instances,
        folders: [...sourcesOf(instances), ...foldersOf(stack.name, instances)],
        mounts,
        hasFirewall: rules !== undefined,
      }),
    },
    ...root.map(({ path, ...file }) => ({ path: `root${path}`, ...file })),
    {
      path: `systemd/${group}`,
      content: systemdTarget(
        stack.name,
        services.map(({ name }) => name),
      ),
    },
    ...services.flatMap((service) => [
      { path: `systemd/${service.name}.service`, content: systemdUnit(service, group) },
      { path: `sysv/${service.name}`, content: initScript(service), mode: 0o755 },
    ]),
    ...mounts.map(({ unit, content }) => ({ path: `systemd/${unit}`, content })),
    ...(mounts.length > 0 ? [{ path: "fstab", content: mounts.map(({ line }) => line).join("") }] : []),
    ...(rules === undefined
      ? []
      : [
          { path: `systemd/${firewallName}.service`, content: firewallUnit(stack.name) },
          { path: `sysv/${firewallName}`, content: firewallScript(stack.name), mode: 0o755 },
        ]),
  ];
  return { machine, instances, files };
}

function mountsOf(stack: string, instances: readonly ExportedInstance[]): readonly Mount[] {
  const volumes = new Map(
    instances.flatMap(({ placed }) =>
      placed.workload.volumes.map((volume) => [volume.name, volume] as const),
    ),
  );
  return [...volumes.values()].flatMap((volume) => mountOf(volume, volumeFolder(stack, volume.name)) ?? []);
}

/** Folders of the machine that are mounted somewhere else, for whom their workload says. */
function sourcesOf(instances: readonly ExportedInstance[]): readonly Folder[] {
  const volumes = instances.flatMap(({ placed, account }) =>
    placed.workload.volumes
      .filter(({ options }) => options.o?.split(",").includes("bind"))
      .map(({ options }) => ({ path: options.device ?? "", owner: account.name })),
  );
  return volumes
    .filter(({ path }, at) => path !== "" && volumes.findIndex((one) => one.path === path) === at)
    .map(({ path, owner }) => ({ path, owner, group: owner, mode: "0750" }));
}

/** Those of the services; one that several accounts use belongs to who writes to it, and to the group of who reads. */
function foldersOf(stack: string, instances: readonly ExportedInstance[]): readonly Folder[] {
  const paths = [
    ...new Set(instances.flatMap(({ folders, placed }) => [...folders, ...volumesOf(stack, placed)])),
  ];
  return (
    paths
      .filter((path) => path.startsWith("/var/"))
      .sort()
      .map((path) => {
        const writers = instances.filter(({ folders }) => folders.includes(path));
        const users = instances.filter(
          ({ folders, placed }) => folders.includes(path) || volumesOf(stack, placed).includes(path),
        );
        const owner = writers[0]?.account.name ?? "root";
        const reader = users.find(({ account }) => account.name !== owner)?.account.name;
        return { path, owner, group: reader ?? (owner === "root" ? "root" : owner), mode: "0750" };
      })
      // Laid out by the installation, for whoever asks.
      .map((folder) =>
        isStatic(folder.path, instances, stack)
          ? { ...folder, owner: "root", group: "root", mode: "0755" }
          : folder,
      )
  );
}

function volumesOf(stack: string, { workload }: Placed): readonly string[] {
  return workload.volumes.map(({ name }) => volumeFolder(stack, name));
}

function isStatic(path: string, instances: readonly ExportedInstance[], stack: string): boolean {
  return instances.some(({ placed }) =>
    placed.workload.volumes.some(
      (volume) => volume.path.startsWith("/srv/static") && volumeFolder(stack, volume.name) === path,
    ),
  );
}

export const servicesOf = (stack: string, instances: readonly ExportedInstance[]) =>
  instances.map(({ placed }) => serviceName(stack, placed.instance));
