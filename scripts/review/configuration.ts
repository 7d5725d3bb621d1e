import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { WrittenWorkload } from "../../modules/engine/written-workload.ts";

/** A generated file of a workload that was written in another way. */
export interface FileChange {
  readonly workload: string;
  /** Absolute, in its containers. */
  readonly path: string;
  /** In the unified format. */
  readonly diff: string;
}

/** Differences of all generated files. */
export function fileChanges(
  before: readonly WrittenWorkload[],
  after: readonly WrittenWorkload[],
): readonly FileChange[] {
  const names = new Set([...after, ...before].map(({ name }) => name));
  return [...names].flatMap((workload) => {
    const [were, are] = [before, after].map((all) => all.find(({ name }) => name === workload)?.files ?? {});
    return [...new Set([...Object.keys(were ?? {}), ...Object.keys(are ?? {})])].flatMap((path) => {
      const [was, is] = [were?.[path], are?.[path]];
      return was === is ? [] : [{ workload, path, diff: unified(path, was, is) }];
    });
  });
}

function unified(path: string, was: string | undefined, is: string | undefined): string {
  const [from = path, to = path] = [was, is].map((text) => (text === undefined ? "/dev/null" : path));
  return createTwoFilesPatch(from, to, was ?? "", is ?? "", undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
