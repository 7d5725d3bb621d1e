import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import { attach } from "./stack/attach.ts";
import { consoleCommand } from "./stack/console-command.ts";
import { stackOf } from "./stack/stack.ts";
import { containersNamed } from "./stack/workloads.ts";

async function open(
  name: string,
  workload: string | undefined,
  options: { command?: string },
): Promise<void> {
  const stack = stackOf(name);
  const all = await containersNamed(stack, workload);
  // Without a name it is the database that people want to look into.
  const wanted = workload === undefined ? all.filter(({ role }) => role === "database") : all;
  const container = wanted.find(({ state }) => state === "running");
  if (container === undefined) {
    throw new Problem({
      what: `${workload ?? "A database"} of the stack ${name} does not run.`,
      fix:
        workload === undefined && wanted.length === 0
          ? `name a workload: npm run console -- ${name} <workload>`
          : `npm start -- ${name} starts it`,
    });
  }
  const interactive = options.command === undefined;
  if (interactive && !(process.stdin.isTTY && process.stdout.isTTY)) {
    throw new Problem({
      what: "There is no terminal for a console.",
      fix: `run it in one, or give it a command: npm run console -- ${name} ${container.workload} --command '…'`,
    });
  }
  const words = consoleCommand(container.role, options.command);
  process.exitCode = await attach(container, words, { tty: interactive, input: interactive });
}

await run(
  verb("console", "Open psql, a Python shell or a shell in a container of a stack.")
    .argument("[workload]", "a workload or one of its nodes (default: the database)")
    .option("-c, --command <text>", "run this statement or command, and end")
    .addHelpText(
      "after",
      "\nDatabase: psql as the role postgres. Application: Python with its code and packages. Edge and cache: sh.",
    )
    .action(open),
);
