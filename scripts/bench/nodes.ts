import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BenchProject, Owner, removeContainers } from "./bench-project.ts";
import { alternate, type Comparison, median } from "./comparison.ts";
import type { Bench, Measure } from "./measure.ts";
import { bareStack, deployedIn } from "./nodes/bare-stack.ts";
import { obstacle } from "./stack-deployment.ts";
import { time } from "./stopwatch.ts";

const DEPLOYED = [1, 10, 50] as const;
const PLANNED = 1000;
const SECONDS = 1800;
const MAIN = "scripts/bench/nodes/stack.ts";
const STACK = "nodes";
const OURS = join(BenchProject.outdir, "stacks", STACK);
// As deep as ours: secrets are found by a relative path.
const BARE = join(BenchProject.outdir, "stacks", `bare-${STACK}`);
const STATE = join(BenchProject.directory, "state", `${STACK}.tfstate`);

/** How plan and deploy grow with the number of nodes, and what they cost over the provider alone. */
export const nodes: Measure = {
  name: "nodes",
  description: `plan and deploy of ${DEPLOYED.join(", ")} nodes, and the plan of ${PLANNED}, against the provider alone`,
  obstacle,
  async run(bench) {
    const comparisons: Comparison[] = [];
    const plans: number[] = [];
    for (const count of DEPLOYED) {
      const { plan, deploy } = await deployed(bench, count);
      comparisons.push(plan, deploy);
      plans.push(median(plan.rounds.map(({ ours }) => ours)));
    }
    const { plan, synth } = await planned(bench);
    const rows = [...DEPLOYED.map((count, at) => row(`${count} nodes, deployed`, plans[at] ?? 0))];
    rows.push(row(`${PLANNED} nodes, nothing deployed`, median(plan.rounds.map(({ ours }) => ours))));
    rows.push(row(`synth of ${PLANNED} nodes`, synth));
    rows.push(["exponent of growth, plan of 1 to 50", exponent(plans).toFixed(2), "at most 1.1"]);
    return {
      comparisons: [...comparisons, plan],
      details: { title: "Seconds on this machine, now", head: ["", "seconds", "aim"], rows },
    };
  },
};

const row = (what: string, seconds: number) => [what, seconds.toFixed(1), ""];

/** By which power of the number of nodes a plan grows, from the smallest to the largest. */
function exponent(plans: readonly number[]): number {
  const [first = 1] = plans;
  const [few, , many] = DEPLOYED;
  return Math.log((plans.at(-1) ?? 1) / first) / Math.log(many / few);
}

async function deployed({ rounds, note, signal }: Bench, count: number) {
  note(`${count} nodes: deploying them for the first time`);
  await write(count, signal);
  const apply = (cwd: string) => terraform(["apply", "-auto-approve"], cwd, signal);
  await terraform(["init"], OURS, signal);
  await apply(OURS);
  await writeBare(await readFile(STATE, "utf8"));
  await terraform(["init"], BARE, signal);
  // Exit code 2 where anything were to change: both sides look at the same.
  const plan = (cwd: string) => terraform(["plan", "-detailed-exitcode"], cwd, signal);
  const plans = await alternate(
    rounds,
    () => plan(OURS),
    () => plan(BARE),
    (round) => note(`${count} nodes: plan, round ${round} of ${rounds}`),
  );
  const anew = async (cwd: string) => {
    await removeContainers(Owner.ours);
    return apply(cwd);
  };
  note(`${count} nodes: deploying them with and without Slipway`);
  const deploys = await alternate(
    1,
    () => anew(OURS),
    () => anew(BARE),
  );
  await removeContainers(Owner.ours);
  const against = "the provider alone";
  return {
    plan: { what: `plan, ${count} nodes`, against, rounds: plans, aim: 1.1 },
    deploy: { what: `deploy, ${count} nodes`, against, rounds: deploys },
  };
}

/** Once: it takes Terraform minutes. */
async function planned({ note, signal }: Bench) {
  note(`${PLANNED} nodes: writing them`);
  await rm(STATE, { force: true });
  const synth = await write(PLANNED, signal);
  await writeBare("{}");
  for (const cwd of [OURS, BARE]) await terraform(["init"], cwd, signal);
  const plan = (cwd: string) => terraform(["plan"], cwd, signal);
  note(`${PLANNED} nodes: plan`);
  const plans = await alternate(
    1,
    () => plan(OURS),
    () => plan(BARE),
  );
  return {
    synth,
    plan: {
      what: `plan, ${PLANNED} nodes, nothing deployed`,
      against: "the provider alone",
      rounds: plans,
      aim: 1.1,
    } satisfies Comparison,
  };
}

/** Writes the stack, in seconds. */
async function write(count: number, signal: AbortSignal): Promise<number> {
  const context = { ...JSON.parse(BenchProject.env.CDKTF_CONTEXT_JSON), nodes: count };
  const { seconds } = await time([process.execPath, "--import", "tsx", MAIN], {
    seconds: SECONDS,
    signal,
    env: { CDKTF_CONTEXT_JSON: JSON.stringify(context) },
  });
  return seconds;
}

/** The same resources without Slipway, with a copy of the state. */
async function writeBare(state: string): Promise<void> {
  await rm(BARE, { recursive: true, force: true });
  await mkdir(BARE, { recursive: true });
  for (const folder of ["images", "files"]) {
    await cp(join(OURS, folder), join(BARE, folder), { recursive: true, force: true });
  }
  const written = JSON.parse(await readFile(join(OURS, "cdk.tf.json"), "utf8"));
  const bare = bareStack(written, "bare.tfstate", deployedIn(state));
  await writeFile(join(BARE, "cdk.tf.json"), JSON.stringify(bare));
  await cp(join(OURS, ".terraform.lock.hcl"), join(BARE, ".terraform.lock.hcl"), { force: true });
  if (state !== "{}") await writeFile(join(BARE, "bare.tfstate"), withoutOthers(state));
}

/** A state without what the bare stack does not declare; it would be destroyed. */
function withoutOthers(state: string): string {
  const all = JSON.parse(state);
  const resources = all.resources.filter(
    ({ mode, type }: { mode: string; type: string }) => mode === "managed" && type.startsWith("docker_"),
  );
  return JSON.stringify({ ...all, resources });
}

/** Runs Terraform, in seconds. */
async function terraform(words: readonly string[], cwd: string, signal: AbortSignal): Promise<number> {
  const { seconds } = await time(["terraform", ...words, "-no-color", "-input=false"], {
    seconds: SECONDS,
    signal,
    cwd,
  });
  return seconds;
}
