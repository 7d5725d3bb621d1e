import { type ChildProcess, spawn } from "node:child_process";
import { dockerCommand, engine } from "../setup/engine.ts";
import { lastLines, type RunOptions, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { missing } from "../setup/requirement.ts";

/**
 * Runs a command of the Docker client against the engine that Terraform uses, and gives what it printed.
 * @throws Problem when the engine does not answer, or refuses
 */
export async function docker(words: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await thisMachine.run(dockerCommand(thisMachine, words), { seconds: 30, ...options });
  if (outcome.code === 0) return outcome.stdout;
  await engineAnswers();
  throw new Problem({
    what: `docker ${words[0]} failed.`,
    value: outcome.timedOut ? "no answer in time" : lastLines(outcome.stderr || outcome.stdout),
    fix: "mend what Docker says, then try again",
  });
}

/** @throws Problem that tells how to start the engine when it does not answer */
export async function engineAnswers(): Promise<void> {
  const requirement = engine(thisMachine);
  const finding = await requirement.check();
  if (!finding.ok) throw missing(requirement, finding);
}

/** Starts a command of the Docker client whose streams are the caller's, or pipes. */
export function spawnDocker(words: readonly string[], stdio: "inherit" | "pipe"): ChildProcess {
  const [command = "docker", ...args] = dockerCommand(thisMachine, words);
  return spawn(command, args, { stdio: stdio === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"] });
}
