import type { Release, ReleasedImage } from "../../modules/release/release.ts";
import { Problem } from "../setup/problem.ts";
import { docker } from "../stack/docker.ts";
import { imageId } from "../stack/images.ts";
import type { KeptRelease } from "../stack/releases.ts";
import type { Stack } from "../stack/stack.ts";
import { HERE, type StackHost } from "../stack/stack-host.ts";
import { managerOf } from "../stack/swarm.ts";
import { list } from "../stack/words.ts";

/** The engines whose images a deployment starts from: those of the hosts, or of this machine, which builds for a Swarm. */
function builders(stack: Stack): readonly StackHost[] {
  return managerOf(stack) === undefined ? stack.hosts : [HERE];
}

/**
 * Sees that the engine has all images of a release, by what makes them the same for ever.
 * @throws Problem when one is gone
 */
export async function requireImages(stack: Stack, { number, images, commit }: Release): Promise<void> {
  const hosts = builders(stack);
  const all = Object.values(images);
  const places = await Promise.all(all.map(({ id }) => having(hosts, id)));
  const gone = all.filter((_, at) => places[at]?.length === 0);
  if (gone.length === 0) return;
  throw new Problem({
    what: `Images of release ${number} are gone from the engine.`,
    value: gone.map(({ name, id }) => `${name} (${id})`).join("\n"),
    fix: `deploy the commit of the release instead, which builds them${commit === null ? "" : `: git switch --detach ${commit.slice(0, 8)}`}`,
  });
}

/** Gives images their names back, which a later build of the same sources may have taken. */
export async function nameImages(stack: Stack, images: readonly ReleasedImage[]): Promise<void> {
  const hosts = builders(stack);
  for (const { name, id } of images) {
    for (const host of await having(hosts, id)) {
      if ((await imageId(host, name)) !== id) await docker(["tag", id, name], { host });
    }
  }
}

/** The hosts whose engine has an image. */
async function having(hosts: readonly StackHost[], image: string): Promise<readonly StackHost[]> {
  const ids = await Promise.all(hosts.map((host) => imageId(host, image)));
  return hosts.filter((_, at) => ids[at] !== undefined);
}

/**
 * The databases whose schema is not what it was at a release, `<node>/<database>`; null where that cannot be told.
 * @param now what the servers tell
 */
export function schemasMoved(
  { schemas: then }: Pick<Release, "schemas">,
  now: Release["schemas"],
): readonly string[] | null {
  if (then === null || now === null) return null;
  return Object.keys(then).filter((name) => then[name] !== now[name]);
}

/** @throws Problem when a release would meet data that it does not know, and nobody said that it may */
export function requireSchemas(to: KeptRelease, moved: readonly string[] | null, accepted: boolean): void {
  if (accepted || moved?.length === 0) return;
  throw new Problem({
    what:
      moved === null
        ? `Nobody knows whether release ${to.number} fits the schema of the databases.`
        : `The schema of ${list(moved)} has changed since release ${to.number}.`,
    value:
      moved === null
        ? "the schema was not recorded, or a database does not answer"
        : "what migrated it is not taken back by a rollback; an application that migrates by itself, as web2py and py4web do, drops the columns that its models do not have, with all that is in them",
    fix: "see that the release works on this schema, make a backup (npm run backup), then say --accept-schema; or restore the database too (npm run restore)",
  });
}
