import { spawn } from "node:child_process";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { projectContext } from "../modules/environment/context.ts";
import { branchSite } from "./branch/branch-site.ts";
import { run } from "./command.ts";
import { thisMachine } from "./setup/machine.ts";
import { PROJECT } from "./setup/project.ts";

/** Of the stack that a branch has a copy of. */
const STACK = "dev";
const VERBS = ["start", "status", "logs", "exec", "console", "verify", "review", "drift", "stop", "destroy"];

/** Runs a verb for the stack of the branch that is checked out. */
async function branch(verb: string, words: readonly string[]): Promise<void> {
  const { stdout } = await thisMachine.run(["git", "rev-parse", "--abbrev-ref", "HEAD"], { cwd: PROJECT });
  const context = projectContext();
  const { project, ports } = branchSite(`${context.project ?? "slipway"}`, stdout.trim());
  const target = { ...(context[STACK] as object | undefined), ports };
  const outdir = join("cdktf.out", "branches", project);
  process.stderr.write(`${stdout.trim()}: project ${project}, https://127.0.0.1:${ports.https}\n`);
  process.exitCode = await child(verb, words, outdir, {
    CDKTF_CONTEXT_JSON: JSON.stringify({ ...context, project, [STACK]: target }),
    CDKTF_OUTDIR: outdir,
  });
}

function child(verb: string, words: readonly string[], outdir: string, env: Record<string, string>) {
  const [command, args] =
    verb === "destroy"
      ? ["npx", ["cdktf", "destroy", STACK, "--auto-approve", "--output", outdir]]
      : [process.execPath, ["--import", "tsx", `scripts/${verb}.ts`, STACK, ...words]];
  return new Promise<number>((resolve, reject) => {
    const started = spawn(command as string, args as string[], {
      cwd: PROJECT,
      env: { ...process.env, ...env },
      stdio: "inherit",
    });
    // A Ctrl-C reaches both; what is started decides when it ends.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => started.kill(signal));
    started.once("error", reject);
    started.once("close", (code) => resolve(code ?? 1));
  });
}

await run(
  new Command("npm run branch --")
    .description(
      "A stack for the branch that is checked out, beside all others: dev, with a project and ports of its own.",
    )
    .argument("<verb>", `what to do with it: ${VERBS.join(", ")}`, (verb: string) => {
      if (VERBS.includes(verb)) return verb;
      throw new InvalidArgumentError(`Allowed is one of ${VERBS.join(", ")}.`);
    })
    .argument("[words...]", "what the verb takes after the stack")
    .passThroughOptions()
    .addHelpText("after", "\ndestroy removes it, its data included. docs/environments.md tells more.")
    .action(branch),
);
