import { spawn } from "node:child_process";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { projectContext } from "../modules/environment/context.ts";
import { branchSite } from "./branch/branch-site.ts";
import { run } from "./command.ts";
import { interruptible } from "./setup/interrupt.ts";
import { thisMachine } from "./setup/machine.ts";
import { PROJECT } from "./setup/project.ts";
import { findTerraform } from "./setup/terraform.ts";
import { writeStacks } from "./stack/synthesis.ts";
import { init, needsInit } from "./stack/terraform.ts";

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
  const written = JSON.stringify({ ...context, project, [STACK]: target });
  if (verb === "destroy") {
    process.exitCode = await destroy(outdir, written);
    return;
  }
  const env = { CDKTF_CONTEXT_JSON: written, CDKTF_OUTDIR: outdir };
  process.exitCode = await child(
    process.execPath,
    ["--import", "tsx", `scripts/${verb}.ts`, STACK, ...words],
    env,
  );
}

/**
 * Without the CLI of cdktf, which replaces the context that is given with that of cdktf.json: it would destroy the stack
 * that the branch has a copy of.
 */
async function destroy(outdir: string, context: string): Promise<number> {
  const { signal } = interruptible();
  const terraform = await findTerraform(thisMachine);
  const folder = join(outdir, "stacks", STACK);
  await writeStacks({ outdir, context, signal });
  if (needsInit(folder)) await init(terraform, folder, signal);
  return child(terraform.path, [`-chdir=${folder}`, "destroy", "-auto-approve"], {});
}

function child(command: string, args: readonly string[], env: Record<string, string>) {
  return new Promise<number>((resolve, reject) => {
    const started = spawn(command, args, {
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
