import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidValue } from "../values/invalid-value.ts";

/** Seconds after which a download is given up. */
const LIMIT = 600;

/**
 * Other people's source code, fetched on the machine that synthesizes and kept below the project. What is kept is
 * named by its checksum or commit, so it never has to be fetched or looked at again.
 */
export class SourceCache {
  readonly #folder: string;

  /** @param folder made on first use. @default .slipway/sources of the project, which is the current folder */
  constructor(folder = join(".slipway", "sources")) {
    this.#folder = resolve(folder);
  }

  /**
   * The content of an archive.
   * @param location an https or http address, or a file: .zip, .tar, .tar.gz, .tgz, .tar.bz2 or .tar.xz.
   * @param sha256 checksum of the archive, 64 hexadecimal digits.
   * @returns the folder of the content; the one folder that most archives wrap everything in is left out.
   * @throws InvalidValue for another checksum, an archive that cannot be had, and one that cannot be unpacked.
   */
  archive(location: string, sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw new InvalidValue({
        what: "sha256",
        got: sha256,
        allowed: "64 hexadecimal digits in lower case",
        fix: "Write what sha256sum prints for the archive",
      });
    }
    return this.#keep(sha256, (draft) => {
      const file = isAddress(location) ? download(location, join(draft, "download")) : location;
      const content = read(file);
      const found = createHash("sha256").update(content).digest("hex");
      if (found !== sha256) {
        throw new InvalidValue({
          what: `archive ${location}`,
          got: `sha256 ${found}`,
          allowed: `sha256 ${sha256}`,
          fix: "Find out why it changed before you write the new checksum",
        });
      }
      unpack(file, location, join(draft, "content"));
      return unwrapped(join(draft, "content"));
    });
  }

  /**
   * One commit of a git repository, without its history and submodules.
   * @param repository as `git fetch` takes it: an address or a folder. Credentials are those of whoever runs git.
   * @param commit all 40 hexadecimal digits.
   * @throws InvalidValue for another form of commit, and for one that cannot be fetched.
   */
  git(repository: string, commit: string): string {
    if (!/^[0-9a-f]{40}$/.test(commit)) {
      throw new InvalidValue({
        what: "commit",
        got: commit,
        allowed: "all 40 hexadecimal digits of a commit: a branch or tag would mean something else tomorrow",
        fix: "Write what git rev-parse prints",
      });
    }
    const from = existsSync(repository) ? resolve(repository) : repository;
    return this.#keep(commit, (draft) => {
      const failure = (step: SpawnSyncReturns<string>) =>
        new InvalidValue({
          what: `commit of ${repository}`,
          got: commit,
          allowed: "a commit that git can fetch from there",
          fix: `Check both, and that you may read the repository. Git says: ${lastLine(step)}`,
        });
      const git = (...args: readonly string[]) => {
        const step = run("git", ["-C", draft, ...args]);
        if (step.status !== 0) throw failure(step);
      };
      git("init", "--quiet");
      git("fetch", "--quiet", "--depth", "1", "--", from, commit);
      git("-c", "advice.detachedHead=false", "checkout", "--quiet", commit);
      rmSync(join(draft, ".git"), { recursive: true });
      return draft;
    });
  }

  #keep(key: string, fetch: (draft: string) => string): string {
    const kept = join(this.#folder, key);
    if (existsSync(kept)) return kept;
    mkdirSync(this.#folder, { recursive: true });
    // Made aside and renamed, so that an interrupted run leaves nothing half under a valid name.
    const draft = mkdtempSync(join(this.#folder, ".draft-"));
    try {
      const content = fetch(draft);
      try {
        renameSync(content, kept);
      } catch (error) {
        // Another run was faster.
        if (!existsSync(kept)) throw error;
      }
      return kept;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
}

function isAddress(location: string): boolean {
  return /^https?:\/\//.test(location);
}

function download(address: string, file: string): string {
  const options = ["--silent", "--show-error", "--fail", "--location", "--proto", "=https,http"];
  const step = run("curl", [...options, "--output", file, "--", address]);
  if (step.status !== 0) {
    throw new InvalidValue({
      what: "archive",
      got: address,
      allowed: "an address that answers with a file",
      fix: `Check the address and the network. curl says: ${lastLine(step)}`,
    });
  }
  return file;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new InvalidValue({
      what: "archive",
      got: file,
      allowed: "an address, or a file that exists",
      fix: "Check the path; it is relative to the project",
    });
  }
}

function unpack(file: string, location: string, into: string): void {
  mkdirSync(into);
  const step = /\.zip$/i.test(new URL(location, "file:///").pathname)
    ? run("unzip", ["-q", file, "-d", into])
    : run("tar", ["-xf", resolve(file), "-C", into]);
  if (step.status !== 0) {
    throw new InvalidValue({
      what: "archive",
      got: location,
      allowed: "a .zip, or a .tar that may be compressed",
      fix: `Check that it is one. The tool says: ${lastLine(step)}`,
    });
  }
}

function unwrapped(folder: string): string {
  const [first, ...others] = readdirSync(folder, { withFileTypes: true });
  return first?.isDirectory() && others.length === 0 ? join(folder, first.name) : folder;
}

function run(program: string, args: readonly string[]): SpawnSyncReturns<string> {
  const step = spawnSync(program, args, {
    encoding: "utf8",
    timeout: LIMIT * 1000,
    // Nobody may be there to answer: credentials come from a helper or an agent.
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
  });
  const { code } = (step.error ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT") {
    throw new InvalidValue({
      what: "machine",
      got: `no ${program}`,
      allowed: `one with ${program}, which fetches the source`,
      fix: `Install ${program}`,
    });
  }
  return step;
}

function lastLine({ stderr, error }: SpawnSyncReturns<string>): string {
  return (
    (stderr ?? "")
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^fatal: |\.$/g, "") || `it did not end in time (${error})`
  );
}
