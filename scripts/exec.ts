import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import { attach } from "./stack/attach.ts";
import { stackOf } from "./stack/stack.ts";
import { containersNamed } from "./stack/workloads.ts";

interface Options {
  readonly all?: true;
  readonly user?: string;
}

async function exec(name: string, workload: string, command: readonly string[], options: Options) {
  const found = await containersNamed(stackOf(name), workload);
  const running = found.filter(({ state }) => state === "running");
  const [first] = running;
  if (first === undefined) {
    throw new Problem({
      what: `${workload} of the stack ${name} does not run.`,
      fix: `npm start -- ${name} starts it`,
    });
  }
  if (!options.all) {
    const tty = Boolean(process.stdin.isTTY && process.stdout.isTTY);
    process.exitCode = await attach(first, command, { ...options, tty, input: true });
    return;
  }
  for (const container of running) {
    process.stderr.write(`${container.node}:\n`);
    const code = await attach(container, command, { ...options, tty: false, input: false });
    // All of them are asked; one that failed makes it a failure.
    process.exitCode = Number(process.exitCode ?? 0) || code;
  }
}

await run(
  verb("exec", "Run a command in a container of a stack, and end with its exit code.")
    .argument("<workload>", "a workload, whose first node it is, or a node such as guestbook-2")
    .argument("<command...>", "the command and its arguments; after -- where it has options")
    .option("--all", "in every node of the workload, one after the other")
    .option("--user <name>", "as this user (default: the one that the container runs as)")
    .addHelpText(
      "after",
      "\nExample: npm run exec -- dev guestbook -- ls -l /srv/app\nStandard input is handed on. What it changes in a container is gone with the next release.",
    )
    .action(exec),
);
