import { expect, test } from "vitest";
import { parseRevision } from "../../../modules/release/revision.ts";

const COMMIT = "2f1c6b8f0a4f4c1d9a3a4a4cf8a7ad7a4c4b5c6d";
const HEAD = `# branch.oid ${COMMIT}\n# branch.head main\n`;

test("a tree without edits is that of its commit", () => {
  expect(parseRevision(HEAD)).toEqual({ commit: COMMIT, clean: true });
});

test.each([
  ["an edited file", "1 .M N... 100644 100644 100644 aaaa aaaa stacks/prod.ts\n"],
  ["a file that git does not know", "? stacks/new.ts\n"],
])("a tree with %s is not clean", (_, line) => {
  expect(parseRevision(`${HEAD}${line}`)).toEqual({ commit: COMMIT, clean: false });
});

test("before the first commit, and outside of git, there is no commit", () => {
  expect(parseRevision("# branch.oid (initial)\n# branch.head main\n")).toEqual({
    commit: null,
    clean: false,
  });
  expect(parseRevision(undefined)).toEqual({ commit: null, clean: null });
});
