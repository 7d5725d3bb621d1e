import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { dockerCommand, engine } from "../setup/engine.ts";
import { lastLines, type Outcome, type RunOptions } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { missing } from "../setup/requirement.ts";
import { sshProblem } from "./ssh-problem.ts";
import { HERE, type StackHost } from "./stack-host.ts";

export interface DockerOptions extends RunOptions {
  /** Whose engine is asked. @default that of this machine, or the one that DOCKER_HOST names */
  readonly host?: StackHost;
}

/**
 * Runs a command of the Docker client against the engine that Terraform uses, and gives what it printed.
 * @throws Problem when the engine does not answer, or refuses
 */
export async function docker(words: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { host = HERE } = options;
  const outcome = await runDocker(words, options);
  if (outcome.code === 0) return outcome.stdout;
  await engineAnswers(host);
  throw new Problem({
    what: `docker ${words[0]} failed${host.host.engine === undefined ? "" : ` on ${host.name}`}.`,
    value: outcome.timedOut ? "no answer in time" : lastLines(outcome.stderr || outcome.stdout),
    fix: "mend what Docker says, then try again",
  });
}

/** The same, for who looks at the outcome. */
export function runDocker(words: readonly string[], options: DockerOptions = {}): Promise<Outcome> {
  const { host = HERE, ...others } = options;
  return host.client.run(dockerCommand(host.client, words), { seconds: 30, ...others });
}

/** @throws Problem that tells how to start the engine of a host when it does not answer */
export async function engineAnswers(host: StackHost = HERE): Promise<void> {
  if (host.host.ssh !== undefined) {
    const outcome = await runDocker(["version", "--format", "{{.Server.Version}}"], { host });
    const problem = outcome.code === 0 ? undefined : sshProblem(host.host, outcome.stderr, outcome);
    if (problem !== undefined) throw problem;
    return;
  }
  const requirement = engine(host.client);
  const finding = await requirement.check();
  if (finding.ok) return;
  if (host.host.engine === undefined) throw missing(requirement, finding);
  throw new Problem({
    what: `The engine of the host ${host.name} does not answer.`,
    value: finding.found,
    fix: "start it there, or correct its address in cdktf.json",
  });
}

/** Starts a command of the Docker client whose streams are the caller's, or pipes. */
export function spawnDocker(
  words: readonly string[],
  stdio: StdioOptions,
  { client }: StackHost = HERE,
): ChildProcess {
  const [command = "docker", ...args] = dockerCommand(client, words);
  return spawn(command, args, { env: client.env, stdio });
}
