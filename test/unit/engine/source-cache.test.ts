import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SourceCache } from "../../../modules/engine/source-cache.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { folderOf } from "../../support/web2py.ts";

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

function archive(name: string, ...command: readonly [string, ...string[]]): string {
  const folder = folderOf(["web2py/gluon/main.py"]);
  const [program, ...args] = command;
  execFileSync(program, [...args, name, "web2py"], { cwd: folder, stdio: "ignore" });
  return join(folder, name);
}

function repository(): { folder: string; commits: string[] } {
  const folder = folderOf(["gluon/main.py"]);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
      cwd: folder,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet");
  const commits = ["first", "second"].map((text) => {
    writeFileSync(join(folder, "text"), text);
    git("add", ".");
    git("commit", "--quiet", "--message", text);
    return git("rev-parse", "HEAD");
  });
  return { folder, commits };
}

const zip = ["zip", "unzip"].every((program) => spawnSync(program, ["-v"]).status === 0);
test.each<[string, [string, string, ...string[]]]>([
  ...(zip ? [["a zip", ["web2py.zip", "zip", "-q", "-r"]] as never] : []),
  ["a compressed tar", ["web2py.tar.gz", "tar", "-czf"]],
])("%s is unpacked once, without the folder around everything", (_, made) => {
  const file = archive(...made);
  const cache = temporaryFolder();
  const sum = sha256(file);
  const folder = new SourceCache(cache).archive(file, sum);
  expect(readdirSync(folder)).toEqual(["gluon"]);
  rmSync(file);
  expect(new SourceCache(cache).archive(file, sum), "the archive is not needed again").toBe(folder);
  expect(readdirSync(cache), "no drafts").toEqual([sum]);
});

test("an archive with another checksum is refused, with both, and nothing is kept", () => {
  const file = archive("web2py.tar", "tar", "-cf");
  const cache = temporaryFolder();
  const wanted = "0".repeat(64);
  const fetching = () => new SourceCache(cache).archive(file, wanted);
  expect(fetching).toThrow(`sha256 ${sha256(file)}`);
  expect(fetching).toThrow(`allowed is sha256 ${wanted}`);
  expect(readdirSync(cache)).toEqual([]);
});

test("a commit that is not the newest is fetched, without its history", () => {
  const { folder, commits } = repository();
  const [first = ""] = commits;
  const fetched = new SourceCache(temporaryFolder()).git(folder, first);
  expect(readFileSync(join(fetched, "text"), "utf8")).toBe("first");
  expect(existsSync(join(fetched, ".git"))).toBe(false);
});

test.each<[string, (cache: SourceCache) => unknown, string]>([
  ["an unknown commit", (cache) => cache.git(repository().folder, "0".repeat(40)), "Git says: "],
  ["no repository", (cache) => cache.git("/nonexistent", "0".repeat(40)), "Git says: "],
  ["an option for a repository", (cache) => cache.git("--upload-pack=x", "0".repeat(40)), "Git says: "],
  ["a branch", (cache) => cache.git("/nonexistent", "main"), 'Invalid commit "main"'],
  ["a short checksum", (cache) => cache.archive("x.zip", "abc"), 'Invalid sha256 "abc"'],
  ["no archive", (cache) => cache.archive("/nonexistent.zip", "0".repeat(64)), "a file that exists"],
  ["nobody there", (cache) => cache.archive("http://127.0.0.1:9/x.zip", "0".repeat(64)), "curl says: "],
  [
    "no archive at all",
    (cache) => {
      const file = join(folderOf(["x.zip"]), "x.zip");
      return cache.archive(file, sha256(file));
    },
    "a .zip, or a .tar that may be compressed",
  ],
])("%s is refused", (_, fetching, message) => {
  expect(() => fetching(new SourceCache(temporaryFolder()))).toThrow(message);
});

test("a missing program is named", () => {
  const { PATH } = process.env;
  process.env.PATH = "";
  try {
    expect(() => new SourceCache(temporaryFolder()).git("/x", "0".repeat(40))).toThrow("Install git");
  } finally {
    process.env.PATH = PATH;
  }
});
