import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Build } from "../../../modules/engine/build.ts";
import { stageContext } from "../../../modules/engine/build-context.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { Name } from "../../../modules/values/name.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const name = Name.of("shop");
let source: string;
let root: string;

beforeEach(() => {
  [source, root] = [temporaryFolder(), temporaryFolder()];
  put("Dockerfile", "FROM scratch\n");
  put("bin/entrypoint", "#!/bin/sh\n", 0o755);
});

function put(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), content);
  chmodSync(join(source, path), mode);
}

const build = (changes: Partial<Build> = {}): Build => ({
  name,
  context: [{ folder: source, into: "" }],
  args: {},
  ...changes,
});
/** What the machine of the test trusts is none of the test's business. */
const stage = (built: Build, into: string, certificates: string | null = null) =>
  stageContext(built, into, certificates);
const hashOf = (changes?: Partial<Build>) => stage(build(changes), root).hash;
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe("the hash", () => {
  test("names the folder", () => {
    const { hash, folder } = stage(build(), root);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(folder).toBe(join(root, `shop-${hash}`));
  });

  test.each<[string, () => void]>([
    ["content", () => put("Dockerfile", "FROM scratch \n")],
    ["a new file, even an empty one", () => put("empty", "")],
    ["the mode of a program", () => chmodSync(join(source, "bin/entrypoint"), 0o644)],
    ["the mode of a file", () => chmodSync(join(source, "Dockerfile"), 0o744)],
  ])("changes with %s", (_, change) => {
    const before = hashOf();
    change();
    expect(hashOf()).not.toBe(before);
  });

  test("changes with a path, though content stays", () => {
    put("a/one", "same");
    const before = hashOf();
    expect(hashOf({ context: [{ folder: source, into: "elsewhere" }] })).not.toBe(before);
  });

  test("changes with arguments, their names and their values", () => {
    const hashes = [{}, { VERSION: "1" }, { VERSION: "2" }, { RELEASE: "1" }].map((args) => hashOf({ args }));
    expect(new Set(hashes).size).toBe(4);
  });

  test("does not change with times, nor with the place of the source", () => {
    const before = hashOf();
    utimesSync(join(source, "Dockerfile"), new Date(0), new Date(0));
    expect(hashOf()).toBe(before);
    const first = source;
    source = temporaryFolder();
    put("Dockerfile", readFileSync(join(first, "Dockerfile"), "utf8"));
    put("bin/entrypoint", "#!/bin/sh\n", 0o700);
    expect(hashOf()).toBe(before);
  });

  test("does not change with the certificates of the host, which are in the context all the same", () => {
    const bundle = join(temporaryFolder(), "ca.crt");
    writeFileSync(bundle, "-----BEGIN CERTIFICATE-----\n");
    const without = stage(build(), root);
    const withThem = stage(build(), temporaryFolder(), bundle);
    expect(withThem.hash).toBe(without.hash);
    expect(filesOf(without.folder)).toEqual(["Dockerfile", "bin/entrypoint"]);
    expect(filesOf(withThem.folder)).toEqual([
      ".host-certificates/bundle.pem",
      "Dockerfile",
      "bin/entrypoint",
    ]);
    expect(existsSync(join(without.folder, ".host-certificates"))).toBe(true);
  });

  test.each([
    "1\0b\0-\x002",
    "1\0b\0-2",
    "1\0b\0-\x001\x002",
  ])("of two files is not that of one with %j in it", (content) => {
    const two = hashOf({
      context: [
        { file: "a", content: "1" },
        { file: "b", content: "2" },
      ],
    });
    expect(hashOf({ context: [{ file: "a", content }] })).not.toBe(two);
  });

  test("cannot be met by moving bytes between names and contents", () => {
    const text = fc.stringMatching(/^[a-z-]{1,3}$/);
    const one = fc.dictionary(text, text, { minKeys: 1, maxKeys: 3 });
    const hash = (files: Record<string, string>) =>
      stage(build({ context: Object.entries(files).map(([file, content]) => ({ file, content })) }), root)
        .hash;
    const text_ = (files: Record<string, string>) => JSON.stringify(Object.entries(files).sort());
    fc.assert(
      fc.property(one, one, (a, b) => {
        expect(hash(a) === hash(b)).toBe(text_(a) === text_(b));
      }),
      { numRuns: 50 },
    );
  });
});

describe("the folder", () => {
  test("has content and modes of the source, and no more than the owner's right to write", () => {
    const { folder } = stage(build(), root);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("FROM scratch\n");
    expect((statSync(join(folder, "bin/entrypoint")).mode & 0o777).toString(8)).toBe("755");
    expect((statSync(join(folder, "Dockerfile")).mode & 0o777).toString(8)).toBe("644");
  });

  test("leaves out what editors, caches and runs leave behind, at any depth", () => {
    for (const ignored of ["__pycache__", ".git", ".venv", "node_modules"]) {
      put(`${ignored}/x`, "x");
      put(`deep/${ignored}/x`, "x");
    }
    put(".DS_Store", "x");
    put("deep/kept", "x");
    expect(filesOf(stage(build(), root).folder)).toEqual(["Dockerfile", "bin/entrypoint", "deep/kept"]);
  });

  test("leaves out what the source wants ignored, at its top only", () => {
    put("uploads/picture", "x");
    put("static/uploads/logo", "x");
    const { folder } = stage(
      build({ context: [{ folder: source, into: "app", ignore: ["uploads"] }] }),
      root,
    );
    expect(filesOf(folder)).toEqual(["app/Dockerfile", "app/bin/entrypoint", "app/static/uploads/logo"]);
  });

  test("takes the later of two parts that name one file", () => {
    const generated = { file: "Dockerfile", content: "FROM debian\n" };
    const { folder } = stage(build({ context: [{ folder: source, into: "" }, generated] }), root);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("FROM debian\n");
  });

  test("follows links to files and folders, and passes over links to nothing", () => {
    symlinkSync(join(source, "Dockerfile"), join(source, "linked"));
    // Emacs locks a file with a link that leads nowhere.
    symlinkSync("someone@somewhere.1234", join(source, ".#models.py"));
    expect(filesOf(stage(build(), root).folder)).toEqual(["Dockerfile", "bin/entrypoint", "linked"]);
  });

  test("is not written again when it is there", () => {
    const { folder } = stage(build(), root);
    const before = statSync(folder).ino;
    stage(build(), root);
    expect(statSync(folder).ino).toBe(before);
  });

  test("is written anew beside the draft of an interrupted run, of which nothing is taken", () => {
    const { folder } = stage(build(), temporaryFolder());
    const expected = join(root, folder.split("/").at(-1) ?? "");
    for (const draft of [`${expected}.1`, `${expected}.${process.pid}`]) {
      mkdirSync(draft, { recursive: true });
      writeFileSync(join(draft, "half"), "written");
    }
    const staged = stage(build(), root);
    expect(staged.folder).toBe(expected);
    expect(filesOf(staged.folder)).toEqual(["Dockerfile", "bin/entrypoint"]);
  });
});

test.each([
  ["does not exist", () => join(source, "nowhere")],
  ["is a file", () => join(source, "Dockerfile")],
])("a folder that %s is a mistake that is explained", (_, path) => {
  const folder = path();
  const attempt = () => stage(build({ context: [{ folder, into: "" }] }), root);
  expect(attempt).toThrow(InvalidValue);
  expect(attempt).toThrow(`Invalid folder "${folder}": allowed is a folder that exists.`);
  expect(readdirSync(root)).toEqual([]);
});

test("a private umask does not reach the image: its own user has to run what is in there", () => {
  const before = process.umask(0o077);
  try {
    const root = temporaryFolder();
    const { folder } = stageContext(
      { name: Name.of("any"), context: [{ file: "deep/settings.txt", content: "x" }], args: {} },
      root,
      null,
    );
    expect(statSync(folder).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, "deep/settings.txt")).mode & 0o777).toBe(0o644);
  } finally {
    process.umask(before);
  }
});
