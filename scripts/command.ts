import { Command } from "commander";
import { explain } from "../modules/environment/explain.ts";
import { fail, Problem } from "./setup/problem.ts";
import { PROJECT } from "./setup/project.ts";

/** The command line of a verb, such as `npm run status -- dev`; its first argument is the stack. */
export function verb(name: string, description: string): Command {
  const call = name === "start" ? "npm start --" : `npm run ${name} --`;
  return new Command(call).description(description).argument("[stack]", "the stack", "dev");
}

/**
 * Runs a command line and ends the process. A mistake of the user is told in a few lines, with exit code 1; a defect
 * keeps its stack trace.
 */
export async function run(program: Command): Promise<void> {
  process.chdir(PROJECT);
  // The reader has seen enough, as in `npm run logs | head`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    report(error);
  }
  // Sockets that nobody waits for any more, such as a registry's, would keep the process for seconds.
  process.stdout.write("", () => process.exit());
}

function report(error: unknown): void {
  const explanation = error instanceof Problem ? undefined : explain(error);
  if (explanation === undefined) fail(error);
  else process.stderr.write(`\n${explanation}\n`);
  process.exitCode = 1;
}
