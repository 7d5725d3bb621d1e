import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { $ } from "zx";

/** How a command ended. */
export interface Outcome {
  /** Exit code; 127 when there is no such command, null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it was killed because it took too long. */
  readonly timedOut: boolean;
}

/** How to run a command. */
export interface RunOptions {
  /** Limit in seconds, after which the command and its children are killed. @default 10 */
  readonly seconds?: number;
  /** Variables on top of those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder. @default that of this process */
  readonly cwd?: string;
  /** Called with every line of both outputs as it comes. @default nobody */
  readonly onLine?: (line: string) => void;
  /** Kills the command when it fires. @default never */
  readonly signal?: AbortSignal;
}

/** The machine that is set up. Requirements see it only through this, so that tests can hand in another one. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Architecture in Node's words: x64, arm64. */
  readonly arch: string;
  /** Whether this process may install packages. */
  readonly root: boolean;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs a command; one that fails is an outcome and not an exception. */
  run(command: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Where a command is on the path. */
  find(command: string): Promise<string | undefined>;
  /** Text of a file, or undefined when it can't be read. */
  read(path: string): Promise<string | undefined>;
}

/** The machine that this process runs on. */
export const thisMachine: Machine = {
  platform: process.platform,
  arch: process.arch,
  root: process.getuid?.() === 0,
  home: homedir(),
  env: process.env,
  run,
  find: findOnPath,
  read: (path) => readFile(path, "utf8").catch(() => undefined),
};

/** The path; on Linux with the folders of the administrator, which `su` leaves out, at its end. */
export function searchPath(): string {
  const path = process.env.PATH ?? "";
  return process.platform === "linux" ? `${path}:/usr/local/sbin:/usr/sbin:/sbin` : path;
}

async function run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = $({
    quiet: true,
    nothrow: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: searchPath(), ...options.env },
    // A group of its own, so that killing it also reaches its children. zx's own timeout asks `ps` for them, and
    // where `ps` is not installed, as on a minimal Debian, that ends this process with a TypeError.
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })`${[...command]}`;
  if (options.onLine !== undefined) {
    const { onLine } = options;
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.on("data", (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split(/\r?\n|\r/);
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "") onLine(line.trim());
      });
    }
  }
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  let timedOut = false;
  const timers: NodeJS.Timeout[] = [];
  const stop = () => {
    kill("SIGTERM");
    timers.push(setTimeout(kill, 5000, "SIGKILL"));
  };
  timers.push(
    setTimeout(
      () => {
        timedOut = true;
        stop();
      },
      (options.seconds ?? 10) * 1000,
    ),
  );
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted === true) stop();
  try {
    const { exitCode, stdout, stderr } = await child;
    return { code: exitCode, stdout, stderr, timedOut };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
  }
}

async function findOnPath(command: string): Promise<string | undefined> {
  const folders = command.includes("/") ? [""] : searchPath().split(delimiter);
  for (const folder of folders) {
    const path = join(folder, command);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true && (found.mode & 0o111) !== 0) return path;
  }
  return undefined;
}

/** The last lines that a command printed, for a message. */
export function lastLines(text: string, count = 8): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
