import { statfs } from "node:fs/promises";
import { dockerCommand } from "./engine.ts";
import type { Machine } from "./machine.ts";
import type { Finding, Requirement } from "./requirement.ts";

const GIB = 2 ** 30;
/** Base image, images of the stack and their build cache, with room for one more release. */
const ENOUGH = 4 * GIB;

/** Free space in a folder of this machine. */
export function diskSpace(folder: string): Requirement {
  return { name: "Disk of project", check: () => free(folder) };
}

/** Free space where the engine keeps its data; can be seen only of an engine on this machine. */
export function engineDiskSpace(machine: Machine): Requirement {
  return {
    name: "Disk of engine",
    async check() {
      const info = await machine.run(dockerCommand(machine, ["info", "--format", "{{.DockerRootDir}}"]));
      const folder = info.stdout.trim();
      if (info.code !== 0 || folder === "") return { ok: true, found: "unknown, as no engine answers" };
      return free(folder).catch(() => ({ ok: true, found: `unknown: ${folder} is not on this machine` }));
    },
  };
}

/** @param available free bytes for this user */
export function judgeSpace(folder: string, available: number, enough = ENOUGH): Finding {
  const found = `${(available / GIB).toFixed(1)} GiB free in ${folder}`;
  if (available >= enough) return { ok: true, found };
  return {
    ok: false,
    found,
    wanted: `at least ${enough / GIB} GiB`,
    remedy: `free some space there (du -xh --max-depth=1 ${folder} shows what takes it; docker system df what the engine holds)`,
  };
}

async function free(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  return judgeSpace(folder, bavail * bsize);
}
