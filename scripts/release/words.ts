import type { Release, Revision } from "../../modules/release/release.ts";
import { list } from "../stack/words.ts";

/** A commit for people: `1a2b3c4d`, with a mark where files were edited on top of it. */
export function commitOf({ commit, clean }: Revision): string {
  if (commit === null) return "–";
  return clean === false ? `${commit.slice(0, 8)} + edits` : commit.slice(0, 8);
}

/** What distinguishes a release from the one before, as far as its images tell it. */
export function imagesChanged({ images }: Release, before: Release | undefined): string {
  if (before === undefined) return "all of it";
  const changed = Object.keys(images).filter((name) => images[name]?.id !== before.images[name]?.id);
  return changed.length === 0 ? "configuration" : `image ${list(changed.sort())}`;
}
