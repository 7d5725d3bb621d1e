import { diskSpace, engineDiskSpace } from "../setup/disk-space.ts";
import { thisMachine } from "../setup/machine.ts";
import { PROJECT } from "../setup/project.ts";
import { missing } from "../setup/requirement.ts";
import type { DeclaredNode } from "./declaration.ts";
import { docker } from "./docker.ts";

/**
 * Makes sure that there is room for the images that have to be built; with all of them there, a full disk is no reason
 * not to start.
 * @throws Problem that names the folder and the free space
 */
export async function checkDisk(declared: readonly DeclaredNode[]): Promise<void> {
  const images = (await docker(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"])).split("\n");
  if (declared.every(({ image }) => images.includes(image))) return;
  for (const requirement of [diskSpace(PROJECT), engineDiskSpace(thisMachine)]) {
    const finding = await requirement.check();
    if (!finding.ok) throw missing(requirement, finding);
  }
}
