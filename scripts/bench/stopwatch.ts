import { lastLines, type RunOptions, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { PROJECT } from "../setup/project.ts";
import { BenchProject } from "./bench-project.ts";

/** A command that ended well. */
export interface Timed {
  /** Wall time. */
  readonly seconds: number;
  readonly stdout: string;
}

/**
 * Runs a command for the project of the benchmarks and takes its time.
 * @throws Problem with its last words when it fails or does not end
 */
export async function time(
  command: readonly string[],
  options: RunOptions & { readonly seconds: number },
): Promise<Timed> {
  const start = performance.now();
  const outcome = await thisMachine.run(command, {
    cwd: PROJECT,
    ...options,
    env: { ...BenchProject.env, ...options.env },
  });
  const seconds = (performance.now() - start) / 1000;
  options.signal?.throwIfAborted();
  if (outcome.code === 0) return { seconds, stdout: outcome.stdout };
  throw new Problem({
    what: `${command.join(" ")} ${outcome.timedOut ? `did not end within ${options.seconds} s` : "failed"}.`,
    value: lastLines(`${outcome.stdout}\n${outcome.stderr}`, 20),
    fix: "mend what it says, then run the benchmark again",
  });
}
