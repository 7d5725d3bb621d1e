import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { WrittenDescription } from "../../modules/environment/description-file.ts";
import type { ContextFile, ExportedStack } from "../../modules/hosts/export/exported-stack.ts";
import { descriptionOf } from "../stack/description.ts";
import { noSuchStack, type Stack } from "../stack/stack.ts";

/** What cdktf has written of a stack, and the files that it names, in memory. */
export async function exportedStack(stack: Stack): Promise<ExportedStack> {
  const description = descriptionOf(stack) as WrittenDescription | undefined;
  if (description === undefined) throw noSuchStack(stack.name);
  const { workloads } = description;
  const contexts = new Map<string, ReadonlyMap<string, ContextFile>>();
  for (const [image, folder] of await contextFolders(stack)) {
    if (workloads.some((workload) => workload.image === image)) contexts.set(image, await filesIn(folder));
  }
  const secrets = new Map<string, string>();
  for (const name of new Set(workloads.flatMap(({ secretNames }) => Object.values(secretNames)))) {
    secrets.set(name, await readFile(join(stack.secretsFolder, name), "utf8"));
  }
  return { name: stack.name, description, contexts, secrets };
}

/** The folder that each image is built from, by the name of the image. */
async function contextFolders({ folder }: Stack): Promise<ReadonlyMap<string, string>> {
  const { resource = {} }: { resource?: { docker_image?: Record<string, Image> } } = JSON.parse(
    await readFile(join(folder, "cdk.tf.json"), "utf8"),
  );
  return new Map(
    Object.values(resource.docker_image ?? {}).flatMap(({ build }) => {
      const [, image] = /^images\/(.+)-[0-9a-f]{16}$/.exec(build?.context ?? "") ?? [];
      return image === undefined || build === undefined ? [] : [[image, join(folder, build.context)]];
    }),
  );
}

interface Image {
  readonly build?: { readonly context: string };
}

async function filesIn(folder: string): Promise<ReadonlyMap<string, ContextFile>> {
  const files = new Map<string, ContextFile>();
  for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).sort(byPath)) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const executable = ((await stat(path)).mode & 0o100) !== 0;
    files.set(path.slice(folder.length + 1), { content: await readFile(path), executable });
  }
  return files;
}

function byPath(a: { parentPath: string; name: string }, b: { parentPath: string; name: string }): number {
  return join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1;
}
