import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import { type Container, containersOf } from "./stack/containers.ts";
import { spawnDocker } from "./stack/docker.ts";
import { describeJobs, jobsOf } from "./stack/jobs.ts";
import { stackOf } from "./stack/stack.ts";
import { requireKnown } from "./stack/status.ts";
import { list } from "./stack/words.ts";

async function job(name: string, app: string | undefined, wanted: string | undefined): Promise<void> {
  const stack = stackOf(name);
  const all = await containersOf(stack);
  requireKnown(stack, all);
  const schedulers = all.filter(({ role }) => role === "job" || role === "backup");
  if (app === undefined) {
    process.stdout.write(
      `${describeJobs(jobsOf(schedulers), name).join("\n").trim() || "There are no jobs."}\n`,
    );
    return;
  }
  const container = schedulerOf(schedulers, app, name);
  const known = container.jobs.map(({ name }) => name);
  if (wanted === undefined || (known.length > 0 && !known.includes(wanted))) {
    throw new Problem({
      what: wanted === undefined ? "Which job?" : `${app} has no such job.`,
      ...(wanted !== undefined && { value: JSON.stringify(wanted) }),
      allowed: list(known),
      fix: `npm run job -- ${name} ${app} ${known[0] ?? "<job>"}`,
    });
  }
  const words = ["python3", "-m", "slipway_jobs.run", wanted];
  const tty = process.stdin.isTTY && process.stdout.isTTY ? ["-it"] : [];
  const child = spawnDocker(["exec", ...tty, container.id, ...words], "inherit", container.host);
  // With a terminal the keys go to the job, which ends by Ctrl-C.
  for (const signal of ["SIGINT", "SIGQUIT"] as const) process.on(signal, () => undefined);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

function schedulerOf(schedulers: readonly Container[], app: string, stack: string): Container {
  const own = schedulers.filter(({ workload }) => workload === app || workload === `${app}-jobs`);
  const container = own.filter(({ state }) => state === "running").at(-1);
  if (container !== undefined) return container;
  if (own.length > 0) {
    throw new Problem({
      what: `The container of the jobs of ${app} does not run.`,
      fix: `npm start -- ${stack} starts it`,
    });
  }
  const owners = [...new Set(schedulers.map(({ workload }) => workload.replace(/-jobs$/, "")))];
  throw new Problem({
    what: "There are no jobs of such an application.",
    value: JSON.stringify(app),
    allowed: list(owners) || "none: no application of this stack has jobs",
    fix: owners.length > 0 ? "name one of these" : "write app.runs(Job.every(…)) in the stack, and deploy it",
  });
}

await run(
  verb("job", "Run a job now, under the same lock as its scheduler; without a name, list the jobs.")
    .argument("[app]", "the application whose job it is")
    .argument("[job]", "the name of the job")
    .addHelpText(
      "after",
      "\nPrints the job's output. Exit code: that of the job, 124 when it took too long, 75 when it runs already.",
    )
    .action(job),
);
