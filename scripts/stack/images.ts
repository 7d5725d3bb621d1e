import { runDocker } from "./docker.ts";
import type { StackHost } from "./stack-host.ts";

/** Id of the image that a name or an id stands for on a host's engine; undefined when there is none. */
export async function imageId(host: StackHost, image: string): Promise<string | undefined> {
  const { code, stdout } = await runDocker(["image", "inspect", "--format", "{{.Id}}", image], { host });
  return code === 0 ? stdout.trim() : undefined;
}
