import { diskSpace, engineDiskSpace } from "../setup/disk-space.ts";
import { PROJECT } from "../setup/project.ts";
import { missing } from "../setup/requirement.ts";
import type { DeclaredNode } from "./declaration.ts";
import { docker } from "./docker.ts";
import type { Stack } from "./stack.ts";

/**
 * Makes sure that there is room for the images that have to be built; with all of them there, a full disk is no reason
 * not to start.
 * @throws Problem that names the folder and the free space
 */
export async function checkDisk({ hosts }: Stack, declared: readonly DeclaredNode[]): Promise<void> {
  // An engine elsewhere has a disk that nobody looks at from here.
  for (const host of hosts.filter(({ host }) => host.ssh === undefined)) {
    const words = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"];
    const images = (await docker(words, { host })).split("\n");
    if (declared.every(({ image }) => images.includes(image))) continue;
    for (const requirement of [diskSpace(PROJECT), engineDiskSpace(host.client)]) {
      const finding = await requirement.check();
      if (!finding.ok) throw missing(requirement, finding);
    }
  }
}
