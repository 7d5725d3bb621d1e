import { spawn } from "node:child_process";

export interface Result {
  readonly code: number | null;
  /** Standard output and error in the order in which they came, without colours. */
  readonly output: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Seconds after which the command is killed. @default 300 */
  readonly limit?: number;
  /** Text for its standard input. @default nothing, as in CI */
  readonly input?: string;
  /** Ends the command early, with SIGKILL to it and all it started. */
  readonly kill?: AbortSignal;
}

/** Runs a command as a user would, without a terminal; never throws for a failing one. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...options.env },
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      detached: true,
    });
    const end = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
    const timer = setTimeout(end, (options.limit ?? 300) * 1000);
    options.kill?.addEventListener("abort", end);
    let output = "";
    child.stdout?.on("data", (data) => {
      output += data;
    });
    child.stderr?.on("data", (data) => {
      output += data;
    });
    child.stdin?.end(options.input);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** The output of a command that has to succeed. */
export async function ok(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`);
  return output.trim();
}

export const docker = (...args: readonly string[]): Promise<string> => ok("docker", args);

/** Asks again and again until the answer is true; fails after so many seconds. */
export async function until(what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
