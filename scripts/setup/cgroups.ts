import type { Machine } from "./machine.ts";
import { Problem } from "./problem.ts";

const ROOT = "/sys/fs/cgroup";
/** Without these the engine can't hold containers to their limits. */
const NEEDED = ["memory", "pids"] as const;

/** Whether any cgroup hierarchy is mounted below /sys/fs/cgroup, as /proc/self/mounts tells. */
export function cgroupsMounted(mounts: string): boolean {
  return mounts.split("\n").some((line) => {
    const [, target, type] = line.split(" ");
    return (type === "cgroup" || type === "cgroup2") && (target === ROOT || target?.startsWith(`${ROOT}/`));
  });
}

/** Controllers of version 1 that the kernel has switched on, as /proc/cgroups tells. */
export function controllersOfVersion1(table: string): readonly string[] {
  return table
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/))
    .filter(([, , , enabled]) => enabled === "1")
    .flatMap(([name]) => (name === undefined ? [] : [name]));
}

/** Whether the unified hierarchy has what the engine needs, as its cgroup.controllers tells. */
export function unifiedSuffices(controllers: string | undefined): boolean {
  const there = (controllers ?? "").trim().split(/\s+/);
  return NEEDED.every((name) => there.includes(name));
}

/** The commands that mount version 1, one hierarchy a controller, as cgroupfs-mount does. */
export function mountsOfVersion1(controllers: readonly string[]): readonly (readonly string[])[] {
  return [
    ["mount", "-t", "tmpfs", "-o", "uid=0,gid=0,mode=0755", "cgroup", ROOT],
    ...controllers.flatMap((name) => [
      ["mkdir", "-p", `${ROOT}/${name}`],
      ["mount", "-n", "-t", "cgroup", "-o", name, "cgroup", `${ROOT}/${name}`],
    ]),
  ];
}

/**
 * Mounts the cgroup hierarchies where no init system did: version 2 where the kernel gives it the controllers,
 * else version 1. Does nothing when any is mounted.
 *
 * @returns what was done, in words
 * @throws Problem when the kernel has neither, or does not let us
 */
export async function mountCgroups(machine: Machine): Promise<string> {
  if (cgroupsMounted((await machine.read("/proc/self/mounts")) ?? "")) return "already mounted";
  const unified = await machine.run(["mount", "-t", "cgroup2", "cgroup2", ROOT]);
  if (unified.code === 0) {
    if (unifiedSuffices(await machine.read(`${ROOT}/cgroup.controllers`))) return "version 2 mounted";
    await machine.run(["umount", ROOT]);
  }
  const controllers = controllersOfVersion1((await machine.read("/proc/cgroups")) ?? "");
  if (!NEEDED.every((name) => controllers.includes(name))) {
    throw new Problem({
      what: "The kernel offers no cgroups with the controllers that a Docker engine needs.",
      value: controllers.join(", ") || unified.stderr.trim() || "none",
      allowed: `at least ${NEEDED.join(", ")}`,
      fix: "run on a kernel with these controllers, or point DOCKER_HOST at an engine on another machine",
    });
  }
  for (const command of mountsOfVersion1(controllers)) {
    const outcome = await machine.run(command);
    // A controller that is bound elsewhere can't be mounted again; only the needed ones matter.
    const controller = command.at(-1)?.split("/").at(-1) ?? "";
    if (
      outcome.code !== 0 &&
      (controller === "cgroup" || (NEEDED as readonly string[]).includes(controller))
    ) {
      throw new Problem({
        what: `The cgroup hierarchies could not be mounted at ${ROOT}.`,
        value: `${command.join(" ")}: ${outcome.stderr.trim()}`,
        fix: "mount them by hand (the package cgroupfs-mount does), or point DOCKER_HOST at an engine on another machine",
      });
    }
  }
  return "version 1 mounted";
}
