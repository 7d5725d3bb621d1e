import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Label } from "../../modules/engine/labels.ts";
import { lastLines, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { PROJECT } from "../setup/project.ts";
import { findTerraform } from "../setup/terraform.ts";
import { docker } from "../stack/docker.ts";
import { knownStacks, type Stack, stackOf } from "../stack/stack.ts";
import { init, needsInit } from "../stack/terraform.ts";

/** What writes the stacks; a combination is a line in the file beside it. */
const MAIN = "test/e2e/conformance/stacks.ts";
const NAME = "slipway-conformance";
const SECONDS_TO_WRITE = 120;
const SECONDS_TO_DEPLOY = 600;

/** The stacks of the conformance matrix: apart from the user's own in names, ports, state and secrets. */
export class Matrix {
  /** Names of the combinations. */
  readonly names: readonly string[];

  private constructor(names: readonly string[]) {
    this.names = names;
  }

  /**
   * Writes the stacks; this process then looks at no others.
   * @throws Problem with what the synthesis says
   */
  static async write(): Promise<Matrix> {
    await Matrix.#forget();
    process.env.CDKTF_OUTDIR = Folder.outdir;
    process.env.CDKTF_CONTEXT_JSON = JSON.stringify({ project: NAME, directory: Folder.directory });
    await mkdir(Folder.outdir, { recursive: true });
    const outcome = await thisMachine.run(["node", "--import", "tsx", MAIN], {
      seconds: SECONDS_TO_WRITE,
      cwd: PROJECT,
    });
    if (outcome.code === 0) return new Matrix(knownStacks());
    throw new Problem({
      what: "The stacks of the matrix can't be written.",
      value: `\n${(outcome.stderr || outcome.stdout).trim()}`,
      fix: `mend it in ${MAIN.replace("stacks.ts", "matrix.ts")}`,
    });
  }

  /**
   * Brings a combination up, until all of it is healthy.
   * @throws Problem with what Terraform says
   */
  async deploy(name: string, signal: AbortSignal): Promise<Stack> {
    const stack = stackOf(name);
    const terraform = await findTerraform(thisMachine);
    if (needsInit(stack.folder)) await init(terraform, stack.folder, signal);
    const outcome = await thisMachine.run([terraform.path, "apply", "-auto-approve", "-no-color"], {
      cwd: stack.folder,
      seconds: SECONDS_TO_DEPLOY,
      env: { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" },
      signal,
    });
    signal.throwIfAborted();
    if (outcome.code === 0) return stack;
    throw new Problem({
      what: `The combination ${name} can't be deployed.`,
      value: outcome.timedOut ? `no end after ${SECONDS_TO_DEPLOY} s` : lastLines(outcome.stderr, 15),
      fix: "mend what Terraform says, then try again",
    });
  }

  /** Removes a combination from the engine. */
  async remove(name: string): Promise<void> {
    await removeLabelled([`${Label.project}=${NAME}`, `${Label.stack}=${name}`]);
  }

  /** Removes all combinations and their folders; images stay for the next time. */
  async removeAll(): Promise<void> {
    await Matrix.#forget();
  }

  static async #forget(): Promise<void> {
    await removeLabelled([`${Label.project}=${NAME}`]);
    for (const folder of [Folder.outdir, Folder.directory])
      await rm(folder, { recursive: true, force: true });
  }
}

const Folder = {
  outdir: join(PROJECT, "cdktf.out", NAME),
  directory: join(PROJECT, ".slipway", NAME),
} as const;

async function removeLabelled(labels: readonly string[]): Promise<void> {
  const filter = ["--quiet", ...labels.flatMap((label) => ["--filter", `label=${label}`])];
  const listed = async (...command: string[]) =>
    (await docker([...command, ...filter])).split(/\s+/).filter((word) => word !== "");
  const containers = await listed("ps", "--all");
  if (containers.length > 0) await docker(["rm", "--force", "--volumes", ...containers], { seconds: 120 });
  for (const kind of ["network", "volume"]) {
    const names = await listed(kind, "ls");
    if (names.length > 0) await docker([kind, "rm", ...names], { seconds: 60 });
  }
}
